package dev.modelfamily.trainer.export;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.weights.MappedFile;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;

/** Loads an export again, the way its readers will, and compares it with what was in memory. */
public final class ExportCheck {
    private static final int ROWS = 2;
    private static final int LENGTH = 32;

    private ExportCheck() {}

    /**
     * Compares an export with the model that was written, bit by bit, and the logits of both.
     *
     * @param beside the small files as they were written
     * @throws StageException with {@code UNREACHABLE} where a file gives back other bytes than were written
     */
    public static void check(
            Path folder, LanguageModel written, SortedMap<String, byte[]> beside, Progression progress) {
        for (Map.Entry<String, byte[]> file : beside.entrySet()) {
            if (!Arrays.equals(MappedFile.bytes(folder.resolve(file.getKey())), file.getValue())) {
                throw differs(folder.resolve(file.getKey()) + " gives back other bytes than were written");
            }
        }
        try (OpenModel open = Models.open(folder);
                LanguageModel read = Loading.load(open, progress)) {
            compareTensors(folder, written, read);
            compareLogits(folder, written, read);
        }
    }

    private static void compareTensors(Path folder, LanguageModel written, LanguageModel read) {
        if (!read.layout().equals(written.layout())) {
            throw differs(folder + " was read as a model of another shape than was written");
        }
        for (int i = 0; i < written.tensors().size(); i++) {
            Layout.Slot slot = written.layout().slots().get(i);
            long at = written.tensors().get(i).mismatch(read.tensors().get(i));
            if (at >= 0) {
                throw differs("tensor " + slot.name() + " in " + folder + " differs at index " + at / Float.BYTES
                        + " from what was in memory");
            }
        }
    }

    private static void compareLogits(Path folder, LanguageModel written, LanguageModel read) {
        int[][] ids = new int[ROWS][Math.min(LENGTH, written.shape().maxPositions())];
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < ids[row].length; i++) {
                // Any ids do, if they are spread over the vocabulary.
                ids[row][i] =
                        (int) ((row + 1) * 7919L * (i + 1) % written.shape().vocabulary());
            }
        }
        int at = Arrays.mismatch(written.logits(ids), read.logits(ids));
        if (at >= 0) {
            throw differs(
                    "the model in " + folder + " computes other logits than the one in memory, first at index " + at);
        }
    }

    private static StageException differs(String what) {
        return new StageException(ExitCode.UNREACHABLE, what + "; the storage is not to be trusted, run again");
    }
}
