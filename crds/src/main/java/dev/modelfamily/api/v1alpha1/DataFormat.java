package dev.modelfamily.api.v1alpha1;

import java.util.Locale;

/** The format of a corpus. */
public enum DataFormat {
    Jsonl,
    Text,
    Parquet;

    /** The format that a URI tells by its scheme or ending: a Hub data set is Parquet, an unknown ending plain text. */
    static DataFormat of(String uri) {
        String lower = Defaults.text(uri).toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
        if (name.endsWith(".jsonl") || name.endsWith(".json") || name.endsWith(".ndjson")) {
            return Jsonl;
        }
        if (name.endsWith(".parquet")) {
            return Parquet;
        }
        boolean known = name.endsWith(".txt") || name.endsWith(".md");
        return name.startsWith("hf://") && !known ? Parquet : Text;
    }
}
