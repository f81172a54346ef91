package dev.modelfamily.cli.run;

import dev.modelfamily.contract.FileEntry;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Whether a member is, byte for byte, what its manifest says. */
final class MemberCheck {
    static final String MANIFEST = "manifest.json";
    static final String RUN = "run.json";
    private static final String SHA_256 = "sha256:";
    private static final int BUFFER = 1 << 20;

    private MemberCheck() {}

    /**
     * Reads all files of a finished member.
     *
     * @return what is wrong, with the file and its digest; empty where nothing is
     */
    static Optional<String> damage(Path member) {
        try {
            Manifest manifest = Json.read(member.resolve(MANIFEST), Manifest.class);
            for (Map.Entry<String, FileEntry> file : manifest.files().entrySet()) {
                Optional<String> wrong = damage(member.resolve(file.getKey()), file.getValue());
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
            return damage(member, Json.read(member.resolve(RUN), StageResult.class));
        } catch (StageException e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            return Optional.of("a file of " + member + " cannot be read: " + e);
        }
    }

    private static Optional<String> damage(Path file, FileEntry entry) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.of(file + " is gone");
        }
        String digest = sha256(file);
        return digest.equals(entry.sha256())
                ? Optional.empty()
                : Optional.of(
                        file + " was changed: its SHA-256 is " + digest + ", the manifest says " + entry.sha256());
    }

    private static Optional<String> damage(Path member, StageResult result) throws IOException {
        Path manifest = member.resolve(MANIFEST);
        String digest = SHA_256 + sha256(manifest);
        return digest.equals(result.digest())
                ? Optional.empty()
                : Optional.of(
                        manifest + " was changed: its digest is " + digest + ", the member's is " + result.digest());
    }

    /** In hex. */
    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
