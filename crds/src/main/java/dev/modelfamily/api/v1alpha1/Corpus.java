package dev.modelfamily.api.v1alpha1;

/** The words in which each place of the API describes a corpus of texts. */
final class Corpus {
    static final String URI = "The texts. Schemes: hf://datasets/OWNER/NAME, s3://BUCKET/PATH, pvc://CLAIM/PATH,"
            + " oci://REGISTRY/NAME:TAG, and file:PATH for runs on one machine; a file or a folder of files."
            + " Example: hf://datasets/HuggingFaceTB/smollm-corpus";
    static final String REVISION = "The branch, tag or commit of the texts. Default: the source's default branch";
    static final String SUBSET =
            "The configuration of a Hub data set, such as cosmopedia-v2. Default: the data set's default";
    static final String SPLIT = "The split of a Hub data set. Default: train, for evaluation sets validation";
    static final String FORMAT = "How the files are written. Jsonl: one JSON object a line; Text: plain text, documents"
            + " parted by an empty line; Parquet. Default: by the end of the URI, for a Hub data set Parquet";
    static final String TEXT_FIELD = "The field or column that holds the text in Jsonl and Parquet. Default: text";
    static final String CREDENTIALS = "The Secret with the token or key that opens the texts. Default: none";

    private Corpus() {}

    static String split(String split, String uri, String ofHub) {
        return split != null ? split : uri != null && uri.startsWith("hf://") ? ofHub : "";
    }

    static String textField(String field) {
        return Defaults.or(field, "text");
    }
}
