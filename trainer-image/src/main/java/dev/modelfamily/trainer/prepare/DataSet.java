package dev.modelfamily.trainer.prepare;

import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.Json;
import dev.modelfamily.trainer.fetch.Corpora;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A data set to tokenise, with its texts at hand.
 *
 * @param parts at least one; several are mixed by their weights
 */
record DataSet(String name, List<Part> parts) {
    /** One corpus of a set. */
    record Part(DataSource source, Corpora.Copy copy) {}

    /** What of a request shapes the tokens. */
    private record Request(
            double maxBadLinesShare,
            String uri,
            String subset,
            String split,
            String format,
            String textField,
            int weight) {}

    /** Whether the parts are mixed. */
    boolean mixed() {
        return parts.size() > 1;
    }

    /** The commit or digest of the source; of several, joined by commas. */
    String revision() {
        return parts.stream().map(part -> part.copy().revision()).collect(Collectors.joining(","));
    }

    /** What the set is made from and how; together with the revision and the tokenizer it settles every token. */
    String description(double maxBadLinesShare) {
        return Json.line(parts.stream()
                .map(Part::source)
                .map(source -> new Request(
                        maxBadLinesShare,
                        source.uri(),
                        source.subset(),
                        source.split(),
                        source.format().name(),
                        source.textField(),
                        source.weight()))
                .toList());
    }

    /** The windows that an evaluation reads at most; 0 for all. */
    int maxWindows() {
        return parts.getFirst().source().maxWindows();
    }

    /** Bytes of all files. */
    long bytes() {
        return parts.stream()
                .flatMap(part -> part.copy().files().stream())
                .mapToLong(file -> file.toFile().length())
                .sum();
    }
}
