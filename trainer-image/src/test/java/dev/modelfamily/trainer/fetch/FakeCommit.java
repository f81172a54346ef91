package dev.modelfamily.trainer.fetch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.trainer.data.ContentDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/** A commit of a repository on {@link FakeHub}. */
record FakeCommit(String repository, String commit, SortedMap<String, byte[]> files) {
    /** What the Hub answers to the question for the commit. */
    byte[] listing(boolean metadata, Map<String, Long> claims) {
        ObjectNode json = Json.mapper()
                .createObjectNode()
                .put("id", repository.replaceFirst("^.*?/", ""))
                .put("sha", commit);
        ArrayNode siblings = json.putArray("siblings");
        files.forEach((path, bytes) -> {
            ObjectNode sibling = siblings.addObject().put("rfilename", path);
            if (metadata && isLarge(path)) {
                sibling.put("size", bytes.length)
                        .put("blobId", gitName("pointer to it".getBytes(StandardCharsets.UTF_8)));
                sibling.putObject("lfs")
                        .put("sha256", sha256(bytes))
                        .put("size", claims.getOrDefault(path, (long) bytes.length))
                        .put("pointerSize", 134);
            } else if (metadata) {
                sibling.put("size", bytes.length).put("blobId", gitName(bytes));
            }
        });
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    static boolean isLarge(String path) {
        return path.matches(".*\\.(safetensors|gguf|parquet)");
    }

    static String sha256(byte[] bytes) {
        return ContentDigest.of(bytes).substring("sha256:".length());
    }

    static String gitName(byte[] bytes) {
        MessageDigest digest = ContentDigest.algorithm("SHA-1");
        digest.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest.digest(bytes));
    }
}
