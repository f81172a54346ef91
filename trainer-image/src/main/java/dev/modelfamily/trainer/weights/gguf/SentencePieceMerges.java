package dev.modelfamily.trainer.weights.gguf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A SentencePiece BPE model keeps a score for each piece and no merges: of all neighbours whose union is a piece, the union
 * with the best score is made first. As a list of merges that is every split of every piece into two pieces, by falling
 * score; among equal scores the order in which transformers puts them.
 */
final class SentencePieceMerges {
    private SentencePieceMerges() {}

    private record Merge(String left, String right, int leftLength, int rightLength, double score) {}

    /**
     * The merges as {@code "left right"}, best first.
     *
     * @param scores by id
     */
    static List<String> of(Vocabulary vocabulary, List<Double> scores) {
        Map<String, Integer> ids = vocabulary.ids();
        List<Merge> merges = new ArrayList<>();
        for (Vocabulary.Token token : vocabulary.tokens()) {
            String text = token.text();
            // A token that occurs twice counts once; a merge with a space in it cannot be written, nor can it happen.
            if (ids.get(text) == token.id() && text.indexOf(' ') < 0) {
                merges.addAll(splits(text, ids, scores.get(token.id())));
            }
        }
        merges.sort(Comparator.comparingDouble(Merge::score)
                .thenComparingInt(Merge::leftLength)
                .thenComparingInt(Merge::rightLength)
                .reversed());
        return merges.stream().map(merge -> merge.left + " " + merge.right).toList();
    }

    private static List<Merge> splits(String text, Map<String, Integer> ids, double score) {
        List<Merge> splits = new ArrayList<>();
        int length = text.codePointCount(0, text.length());
        int at = 0;
        for (int leftLength = 1; leftLength < length; leftLength++) {
            at = text.offsetByCodePoints(at, 1);
            String left = text.substring(0, at);
            String right = text.substring(at);
            if (ids.containsKey(left) && ids.containsKey(right)) {
                splits.add(new Merge(left, right, leftLength, length - leftLength, score));
            }
        }
        splits.sort(Comparator.comparingInt((Merge merge) -> ids.get(merge.left))
                .thenComparingInt(merge -> ids.get(merge.right)));
        return splits;
    }
}
