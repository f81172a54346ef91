package dev.modelfamily.trainer.corpus;

import dev.modelfamily.api.v1alpha1.DataFormat;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The documents of some files, read as a stream in the order of the files. */
public final class Corpus implements AutoCloseable {
    private final Deque<Path> left;
    private final Reading reading;
    private final BadLines badLines;
    private Optional<Passages> open = Optional.empty();
    private long bytesOfOthers;

    /**
     * How files are read.
     *
     * @param textField the field or column with the text; of no meaning for plain text
     * @param cutsAtLines whether the tokenizer may be fed a text in parts
     * @param mixed whether the documents are mixed with those of other corpora: then a long text file is many documents
     */
    public record Reading(DataFormat format, String textField, boolean cutsAtLines, boolean mixed) {}

    public Corpus(List<Path> files, Reading reading, BadLines badLines) {
        this.left = new ArrayDeque<>(files);
        this.reading = reading;
        this.badLines = badLines;
    }

    /** The next passage; none at the end of the last file. */
    public Optional<Passage> next() {
        while (true) {
            if (open.isEmpty()) {
                if (left.isEmpty()) {
                    return Optional.empty();
                }
                open = Optional.of(open(left.remove()));
            }
            Optional<Passage> passage = open.get().next();
            if (passage.isPresent()) {
                return passage;
            }
            close();
        }
    }

    /** How many bytes of all files have been read, about. */
    public long bytesRead() {
        return bytesOfOthers + open.map(Passages::bytesRead).orElse(0L);
    }

    @Override
    public void close() {
        bytesOfOthers = bytesRead();
        open.ifPresent(Passages::close);
        open = Optional.empty();
    }

    private Passages open(Path file) {
        return switch (reading.format) {
            case Jsonl -> new JsonLines(file, reading.textField, badLines);
            case Parquet -> new ParquetRows(file, reading.textField, badLines);
            case Text -> new PlainText(file, cutting(), badLines);
        };
    }

    private PlainText.Cutting cutting() {
        if (reading.mixed) {
            return PlainText.Cutting.DOCUMENTS;
        }
        return reading.cutsAtLines ? PlainText.Cutting.PASSAGES : PlainText.Cutting.NOWHERE;
    }
}
