package dev.modelfamily.contract;

import dev.modelfamily.api.v1alpha1.DataFormat;

/**
 * A corpus to tokenise.
 *
 * @param name {@code training}, {@code calibration} or the name of an evaluation set
 * @param uri where it is, as the user wrote it
 * @param revision to resolve; empty for the default
 * @param subset of the corpus; empty for all
 * @param split of the corpus; empty for all
 * @param textField the field with the text in JSON lines and Parquet
 * @param weight relative to the other parts of a mix
 * @param tokenFile the file with the credential; empty for none
 * @param maxWindows of an evaluation set; 0 for all
 */
public record DataSource(
        String name,
        String uri,
        String revision,
        String subset,
        String split,
        DataFormat format,
        String textField,
        int weight,
        String tokenFile,
        int maxWindows) {
    /** The name of the training texts. */
    public static final String TRAINING = "training";
    /** The name of the texts that calibrate a cut. */
    public static final String CALIBRATION = "calibration";
}
