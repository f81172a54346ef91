package dev.modelfamily.trainer.tokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a text as a {@code tokenizer.json} with the pre-tokenizers {@code Digits} (each on its own) and {@code ByteLevel} does:
 * the pattern is GPT-2's.
 */
final class WordSplitter {
    private static final Pattern DIGIT = Pattern.compile("\\p{N}");
    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private WordSplitter() {}

    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher digits = DIGIT.matcher(text);
        int from = 0;
        while (digits.find()) {
            split(text.substring(from, digits.start()), words);
            words.add(digits.group());
            from = digits.end();
        }
        split(text.substring(from), words);
        return words;
    }

    private static void split(String text, List<String> words) {
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
    }
}
