package dev.modelfamily.api.v1alpha1;

/** The format of a corpus. */
public enum DataFormat {
    Jsonl,
    Text,
    Parquet
}
