/** Texts in files, read as streams: JSON lines, plain text, Parquet; which files of a corpus are meant; broken lines. */
package dev.modelfamily.trainer.corpus;
