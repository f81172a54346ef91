package dev.modelfamily.trainer.tokenize;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/**
 * Learns a byte-level BPE vocabulary (Sennrich, Haddow and Birch 2016; on bytes as in GPT-2): again and again the most frequent
 * pair of neighbouring symbols becomes a symbol. Ties go to the pair with the smaller ids, so the same texts in any order
 * give the same vocabulary.
 *
 * <p>Counts of pairs are kept up to date: a merge touches only the words that hold the pair. 10 MB of text and 4,096 merges
 * take seconds.
 */
public final class BpeTrainer {
    private final Map<String, Long> words = new HashMap<>();

    /** Counts the words of a text. */
    public void add(String text) {
        WordSplitter.words(text).forEach(word -> words.merge(word, 1L, Long::sum));
    }

    /**
     * Learns the vocabulary from all texts that were added.
     *
     * @param vocabularySize tokens in all: the end-of-text token, 256 bytes and the merges
     * @throws StageException {@link ExitCode#BAD_DATA} where the texts have too few different pairs for that many
     */
    public BpeVocabulary train(int vocabularySize) {
        Learning learning = new Learning(words);
        List<BpeVocabulary.Merge> merges = new ArrayList<>();
        int wanted = vocabularySize - BpeVocabulary.FIRST_MERGED;
        while (merges.size() < wanted) {
            if (!learning.hasNext()) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        "the texts give only " + (BpeVocabulary.FIRST_MERGED + merges.size())
                                + " tokens where a vocabulary of " + vocabularySize
                                + " is asked for; give more text or a smaller vocabulary");
            }
            merges.add(learning.next(BpeVocabulary.FIRST_MERGED + merges.size()));
        }
        return new BpeVocabulary(merges);
    }

    /** A pair in the queue with the count it had when it was put there; a stale one is put back with its count of now. */
    private record Candidate(long pair, long count) {}

    /** A different word of the texts: its symbols now, how often it occurs. */
    private static final class Word {
        private int[] symbols;
        private final long count;

        Word(int[] symbols, long count) {
            this.symbols = symbols;
            this.count = count;
        }
    }

    private static final class Learning {
        private final Map<Long, Long> counts = new HashMap<>();
        private final Map<Long, Set<Word>> holders = new HashMap<>();
        private final Set<Long> touched = new HashSet<>();
        private final PriorityQueue<Candidate> queue = new PriorityQueue<>(
                Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair));

        Learning(Map<String, Long> words) {
            new TreeMap<>(words).forEach((text, count) -> enter(new Word(BpeVocabulary.bytesOf(text), count)));
            queueTouched();
        }

        /** Moves the most frequent pair to the head of the queue, with its true count. */
        boolean hasNext() {
            while (!queue.isEmpty()) {
                Candidate head = queue.peek();
                long count = counts.getOrDefault(head.pair, 0L);
                if (head.count == count && count > 0) {
                    return true;
                }
                queue.poll();
                if (count > 0) {
                    queue.add(new Candidate(head.pair, count));
                }
            }
            return false;
        }

        BpeVocabulary.Merge next(int merged) {
            long pair = queue.remove().pair;
            int left = (int) (pair >>> 32);
            int right = (int) pair;
            for (Word word : List.copyOf(holders.get(pair))) {
                leave(word);
                word.symbols = replace(word.symbols, left, right, merged);
                enter(word);
            }
            holders.remove(pair);
            counts.remove(pair);
            queueTouched();
            return new BpeVocabulary.Merge(left, right);
        }

        private void enter(Word word) {
            for (int i = 0; i + 1 < word.symbols.length; i++) {
                long pair = pair(word, i);
                counts.merge(pair, word.count, Long::sum);
                holders.computeIfAbsent(pair, _ -> new HashSet<>()).add(word);
                touched.add(pair);
            }
        }

        /** A count that grew needs a place further ahead; one that fell is found out at the head. */
        private void queueTouched() {
            touched.forEach(pair -> queue.add(new Candidate(pair, counts.getOrDefault(pair, 0L))));
            touched.clear();
        }

        private void leave(Word word) {
            for (int i = 0; i + 1 < word.symbols.length; i++) {
                long pair = pair(word, i);
                counts.merge(pair, -word.count, Long::sum);
                holders.get(pair).remove(word);
            }
        }

        private static long pair(Word word, int at) {
            return (long) word.symbols[at] << 32 | word.symbols[at + 1];
        }

        private static int[] replace(int[] symbols, int left, int right, int merged) {
            int[] replaced = new int[symbols.length];
            int size = 0;
            for (int i = 0; i < symbols.length; i++) {
                boolean here = symbols[i] == left && i + 1 < symbols.length && symbols[i + 1] == right;
                replaced[size++] = here ? merged : symbols[i];
                i += here ? 1 : 0;
            }
            return Arrays.copyOf(replaced, size);
        }
    }
}
