package dev.modelfamily.operator.pod;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of Jobs. A name is made from family, member, key and attempt alone, so however often an attempt is asked for, there
 * is one Job of it. At most 63 characters: pods carry it as a label.
 */
public final class JobNames {
    private static final int FAMILY = 22;
    private static final int MEMBER = 18;
    private static final int DIGITS = 12;

    private JobNames() {}

    /** The Job of an attempt at a stage or at the preparation. */
    public static String attempt(ModelFamily family, String member, String key, int attempt) {
        return name(family, member, member + "\n" + key + "\n" + attempt, Integer.toString(attempt));
    }

    /** The Job that cleans up after a stage. */
    static String cleanUp(ModelFamily family, String key) {
        return name(family, "stage", "clean-up\n" + key, "clean");
    }

    /** The Job that removes all that a family stored. */
    public static String removal(ModelFamily family) {
        return name(family, "all", "removal", "remove");
    }

    private static String name(ModelFamily family, String member, String identity, String end) {
        return shortened(family.getMetadata().getName(), FAMILY) + "-" + shortened(member, MEMBER) + "-"
                + digits(family.getMetadata().getUid() + "\n" + identity) + "-" + end;
    }

    /** The beginning of a name, such that what follows a hyphen still makes a name. */
    private static String shortened(String name, int length) {
        String cut = name.length() <= length ? name : name.substring(0, length);
        return cut.replaceAll("-+$", "");
    }

    private static String digits(String identity) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha.digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
