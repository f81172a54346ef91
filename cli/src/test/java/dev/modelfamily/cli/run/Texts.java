package dev.modelfamily.cli.run;

import dev.modelfamily.contract.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small texts with a little regularity to learn. */
final class Texts {
    private static final List<String> SUBJECTS =
            List.of("The cat", "A river", "Her brother", "The old tree", "Every ship");
    private static final List<String> VERBS = List.of("sees", "follows", "remembers", "never leaves", "waits for");
    private static final List<String> OBJECTS =
            List.of("the sea", "a small house", "the morning", "its shadow", "the road");

    private Texts() {}

    /** Paragraphs with an empty line in between. */
    static String paragraphs(long seed, int count) {
        return String.join("\n\n", list(seed, count)) + "\n";
    }

    /** The same as JSON lines. */
    static String jsonLines(long seed, int count) {
        return list(seed, count).stream()
                .map(text -> Json.line(Map.of("text", text)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static List<String> list(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count).mapToObj(_ -> paragraph(random)).toList();
    }

    private static String paragraph(Random random) {
        return IntStream.range(0, 4)
                .mapToObj(_ -> of(SUBJECTS, random) + " " + of(VERBS, random) + " " + of(OBJECTS, random) + ".")
                .collect(Collectors.joining(" "));
    }

    private static String of(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }
}
