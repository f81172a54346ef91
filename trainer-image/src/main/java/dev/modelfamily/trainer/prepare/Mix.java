package dev.modelfamily.trainer.prepare;

import dev.modelfamily.trainer.tokenize.Encoded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Draws documents from several corpora so that their tokens keep the proportion of their weights, up to one document: the next
 * one always comes from the corpus that is furthest behind. Ends where a corpus is asked for more than it has, so that the
 * proportion holds to the end and nothing is read twice. One corpus alone is read to its end.
 */
final class Mix implements AutoCloseable {
    private final List<Part> parts = new ArrayList<>();
    private Optional<Part> open = Optional.empty();

    private static final class Part {
        private final Encoded texts;
        private final int weight;
        private long tokens;

        Part(Encoded texts, int weight) {
            this.texts = texts;
            this.weight = weight;
        }

        double share() {
            return (double) tokens / weight;
        }
    }

    /** Adds a corpus, which is closed with the mix. */
    void add(Encoded texts, int weight) {
        parts.add(new Part(texts, weight));
    }

    /** The next passage; none at the end. */
    Optional<Encoded.Ids> next() {
        Part part = open.orElseGet(this::furthestBehind);
        Optional<Encoded.Ids> passage = part.texts.next();
        passage.ifPresent(ids -> part.tokens += ids.ids().length);
        open = passage.filter(ids -> !ids.endsDocument()).map(_ -> part);
        return passage;
    }

    /** How many bytes of the files have been read, about. */
    long bytesRead() {
        return parts.stream().mapToLong(part -> part.texts.bytesRead()).sum();
    }

    @Override
    public void close() {
        parts.forEach(part -> part.texts.close());
    }

    private Part furthestBehind() {
        Part least = parts.getFirst();
        for (Part part : parts) {
            if (part.share() < least.share()) {
                least = part;
            }
        }
        return least;
    }
}
