package dev.modelfamily.trainer.tokenize;

import dev.modelfamily.trainer.corpus.Corpus;
import dev.modelfamily.trainer.corpus.Passage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The passages of a corpus as ids, encoded some hundred at a time so that all cores have work. */
public final class Encoded implements AutoCloseable {
    private static final int BATCH_CHARACTERS = 1 << 20;
    private static final int BATCH_PASSAGES = 1 << 10;

    private final Corpus corpus;
    private final TextTokenizer tokenizer;
    private final Deque<Ids> ready = new ArrayDeque<>();

    /** A passage. It has no ids where the tokenizer makes none of its text. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    public record Ids(int[] ids, boolean endsDocument) {}

    public Encoded(Corpus corpus, TextTokenizer tokenizer) {
        this.corpus = corpus;
        this.tokenizer = tokenizer;
    }

    /** The next passage; none at the end. */
    public Optional<Ids> next() {
        if (ready.isEmpty()) {
            encodeSome();
        }
        return Optional.ofNullable(ready.poll());
    }

    /** How many bytes of the files have been read, about. */
    public long bytesRead() {
        return corpus.bytesRead();
    }

    @Override
    public void close() {
        corpus.close();
    }

    private void encodeSome() {
        List<Passage> batch = new ArrayList<>();
        int characters = 0;
        while (characters < BATCH_CHARACTERS && batch.size() < BATCH_PASSAGES) {
            Optional<Passage> passage = corpus.next();
            if (passage.isEmpty()) {
                break;
            }
            batch.add(passage.get());
            characters += passage.get().text().length();
        }
        List<int[]> ids = tokenizer.encodeAll(batch.stream().map(Passage::text).toList());
        for (int i = 0; i < batch.size(); i++) {
            ready.add(new Ids(ids.get(i), batch.get(i).endsDocument()));
        }
    }
}
