package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.data.ContentDigest;
import dev.modelfamily.trainer.data.TokenManifest;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.export.Members;
import dev.modelfamily.trainer.weights.Models;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Checks that what a stage reads is what its order was made for: a member of other weights would have the same key. */
final class InputCheck {
    private InputCheck() {}

    /**
     * Computes the digest of a model and compares it: that of its manifest and of all files that this names for a member, that of
     * weights, configuration and tokenizer for any other model.
     *
     * @param role what the model is to the stage, for the message
     * @param progress gets the bytes that were read since its last call
     */
    static void verify(String role, ModelRef model, LongConsumer progress) {
        Path path = Path.of(model.path());
        if (Members.isMember(path) && Members.digest(path).equals(model.digest())) {
            Members.verified(path, progress);
            return;
        }
        String found = Models.digest(path, progress);
        if (!found.equals(model.digest())) {
            String manifest =
                    Members.isMember(path) ? "; its " + Members.MANIFEST + " gives " + Members.digest(path) : "";
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "the " + role + " " + path + " was changed: the order says " + model.digest() + ", its files give "
                            + found + manifest + "; fetch it or make it again");
        }
    }

    /**
     * Opens a token set and checks its digest and that it was made with the model's tokenizer.
     *
     * @param vocabulary of the model
     * @param tokenizer the content of the model's {@code tokenizer.json}
     */
    static void verify(DataRef data, int vocabulary, byte[] tokenizer) {
        Path path = Path.of(data.path());
        try (TokenSet set = TokenSet.open(path)) {
            TokenManifest manifest = set.manifest();
            if (!manifest.digest().equals(data.digest())) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        "the data set " + path + " was changed: the order says " + data.digest()
                                + ", its manifest says " + manifest.digest() + "; prepare it again");
            }
            set.verify();
            String ours = ContentDigest.of(tokenizer);
            if (manifest.vocabulary() > vocabulary || !manifest.tokenizer().equals(ours)) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        "the data set " + path + " was made with the tokenizer " + manifest.tokenizer() + " of "
                                + manifest.vocabulary() + " tokens, the parent has " + ours + " and an embedding of "
                                + vocabulary + "; prepare it again");
            }
        }
    }
}
