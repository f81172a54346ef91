package dev.modelfamily.trainer.stage;

import ai.djl.engine.Engine;
import dev.modelfamily.trainer.torch.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a member was made with: versions, and the device where it was no processor. */
public final class Versions {
    private static final String RESOURCE = "version.properties";

    private Versions() {}

    static SortedMap<String, String> all() {
        SortedMap<String, String> versions = new TreeMap<>();
        versions.put("trainer", trainer());
        versions.put("djl", Engine.getDjlVersion());
        versions.put("libtorch", Torch.version());
        switch (Torch.device()) {
            case GPU -> versions.put("device", "cuda");
            case PROCESSOR, STAGED_PROCESSOR -> {
                // As it always was: members made on processors keep their digests.
            }
        }
        return versions;
    }

    /** Of this program, as Maven built it. */
    public static String trainer() {
        try (InputStream in = Versions.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's resource " + RESOURCE, e);
        }
    }
}
