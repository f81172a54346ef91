package dev.modelfamily.trainer.corpus;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which files of a folder or a repository make up a corpus, told by their names, as data sets are laid out on the Hugging Face
 * Hub: {@code subset/split-00000-of-00002.parquet}, {@code split.jsonl}, {@code data/subset/split/0.jsonl.gz}.
 */
public final class CorpusFiles {
    private static final Pattern SEPARATOR = Pattern.compile("[-_./]");
    private static final List<Set<String>> SPLITS = List.of(
            Set.of("train", "training"),
            Set.of("validation", "valid", "val", "dev"),
            Set.of("test", "testing", "eval", "evaluation"));

    private CorpusFiles() {}

    /**
     * Chooses files.
     *
     * @param paths relative, with {@code /}
     * @param subset the name of a folder, or several joined by {@code -}, or the start of a file name; empty for all
     * @param split a word of the file's path, with the usual synonyms; empty for all
     * @param place what to call the folder in an error
     * @return in the order of the names
     * @throws StageException {@link ExitCode#NOT_FOUND} where nothing fits
     */
    public static List<String> choose(
            List<String> paths, DataFormat format, String subset, String split, String place) {
        List<String> formatted =
                paths.stream().filter(path -> hasFormat(path, format)).sorted().toList();
        List<String> chosen = formatted.stream()
                .filter(path -> subset.isEmpty() || inSubset(path, subset))
                .filter(path -> split.isEmpty() || inSplit(path, split))
                .toList();
        if (chosen.isEmpty()) {
            String asked = (subset.isEmpty() ? "" : " of subset '" + subset + "'")
                    + (split.isEmpty() ? "" : " of split '" + split + "'");
            String there = formatted.isEmpty()
                    ? "its files are " + few(paths)
                    : "its files of that format are " + few(formatted);
            throw new StageException(ExitCode.NOT_FOUND, place + " has no " + format + " files" + asked + "; " + there);
        }
        return chosen;
    }

    /** The format that a file's name stands for; empty for other names. */
    public static Optional<DataFormat> formatOf(String path) {
        return Arrays.stream(DataFormat.values())
                .filter(format -> hasFormat(path, format))
                .findFirst();
    }

    static boolean hasFormat(String path, DataFormat format) {
        String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
        List<String> endings = switch (format) {
            case Jsonl -> List.of(".jsonl", ".json", ".ndjson");
            case Text -> List.of(".txt", ".text", ".md");
            case Parquet -> List.of(".parquet");
        };
        return endings.stream().anyMatch(name::endsWith);
    }

    private static boolean inSubset(String path, String subset) {
        int end = path.lastIndexOf('/');
        String folders = end < 0 ? "" : path.substring(0, end);
        String file = path.substring(end + 1);
        String joined = folders.replace('/', '-');
        return Arrays.asList(folders.split("/")).contains(subset)
                || joined.equals(subset)
                || joined.endsWith("-" + subset)
                || file.matches(Pattern.quote(subset) + "[-_.].*");
    }

    private static boolean inSplit(String path, String split) {
        Set<String> names =
                SPLITS.stream().filter(set -> set.contains(split)).findFirst().orElse(Set.of(split));
        return Arrays.stream(SEPARATOR.split(path.toLowerCase(Locale.ROOT))).anyMatch(names::contains)
                || path.contains("/" + split + "/");
    }

    private static String few(List<String> paths) {
        return paths.size() <= 8 ? paths.toString() : paths.subList(0, 8) + " and " + (paths.size() - 8) + " more";
    }
}
