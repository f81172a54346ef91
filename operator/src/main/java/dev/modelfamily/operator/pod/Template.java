package dev.modelfamily.operator.pod;

import dev.modelfamily.operator.Settings;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What pods get from the operator rather than from the family.
 *
 * @param progressUrl where pods report how far they are; empty for no reports
 * @param certificates those that the endpoint is trusted by, as PEM, which may be renewed; empty for those of the image
 */
public record Template(Settings.Trainer settings, Optional<String> progressUrl, Supplier<String> certificates) {
    /** The audience of the token by which a family's pods report; a token for one family is worth nothing for another. */
    public static String audience(String familyUid) {
        return "modelfamily.dev/progress/" + familyUid;
    }
}
