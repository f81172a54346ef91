package dev.modelfamily.cli.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this tool and of the trainer beside it, which are built together. */
public final class Version {
    private static final String RESOURCE = "version.properties";

    private Version() {}

    /** As Maven wrote it, such as {@code 0.1.0}. */
    public static String text() {
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's resource " + RESOURCE, e);
        }
    }
}
