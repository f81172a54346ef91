package dev.modelfamily.trainer.corpus;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A UTF-8 text file: one document, every character of it, blank lines included. It comes in passages that are cut between a
 * line end that follows a visible character and a letter, where the tokenizer gives the same ids as for the whole file
 * ({@link dev.modelfamily.trainer.tokenize.TextTokenizer#cutsAtLines()}); for other tokenizers the file is one passage. Lines that
 * are not UTF-8 are left out and counted.
 */
final class PlainText implements Passages {
    /** Characters from which on a passage ends at the next good place. */
    private static final int PASSAGE = 1 << 16;

    /** Characters that a file may have which must be encoded in one piece. */
    private static final int LONGEST_WHOLE = 1 << 26;

    private final Path file;
    private final Cutting cutting;
    private final BadLines badLines;
    private final Lines lines;
    private String ahead = "";
    private boolean anything;

    /** Where a text file may be cut. */
    enum Cutting {
        /** Nowhere: the tokenizer must see all of it. */
        NOWHERE,
        /** At lines: the parts are encoded one by one and belong to one document. */
        PASSAGES,
        /** At lines, and each part is a document: for the parts of a mix, which would come file by file otherwise. */
        DOCUMENTS
    }

    PlainText(Path file, Cutting cutting, BadLines badLines) {
        this.file = file;
        this.cutting = cutting;
        this.badLines = badLines;
        this.lines = new Lines(file);
        this.ahead = readLine();
    }

    @Override
    public Optional<Passage> next() {
        StringBuilder text = new StringBuilder();
        while (!ahead.isEmpty() && !(text.length() >= PASSAGE && mayCut(text))) {
            anything |= !ahead.isBlank();
            text.append(ahead);
            ahead = readLine();
            refuseTooLong(text.length());
        }
        if (text.isEmpty() || !anything) {
            return Optional.empty();
        }
        return Optional.of(new Passage(text.toString(), ahead.isEmpty() || cutting == Cutting.DOCUMENTS));
    }

    private boolean mayCut(StringBuilder text) {
        int end = text.length();
        return cutting != Cutting.NOWHERE
                && text.charAt(end - 1) == '\n'
                && !Character.isWhitespace(text.charAt(end - 2))
                && Character.isLetter(ahead.codePointAt(0));
    }

    /** The next good line; empty at the end of the file. */
    private String readLine() {
        for (Optional<Lines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            badLines.line();
            if (line.get().problem().isEmpty()) {
                return line.get().text();
            }
            badLines.bad(
                    file.toString(), "line " + line.get().number(), line.get().problem());
        }
        return "";
    }

    private void refuseTooLong(int length) {
        if (length > LONGEST_WHOLE) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    file + " has more than " + LONGEST_WHOLE
                            + " characters without a place where this model's tokenizer"
                            + " can be fed in parts; split it into several files, or use format Jsonl");
        }
    }

    @Override
    public long bytesRead() {
        return lines.bytesRead();
    }

    @Override
    public void close() {
        lines.close();
    }
}
