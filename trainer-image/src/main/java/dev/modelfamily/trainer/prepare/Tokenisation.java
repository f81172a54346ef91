package dev.modelfamily.trainer.prepare;

import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.corpus.BadLines;
import dev.modelfamily.trainer.corpus.Corpus;
import dev.modelfamily.trainer.data.TokenManifest;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.data.TokenSetWriter;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes token sets, each in a folder of its own; one that is there already, whole and of the same texts, is kept. */
final class Tokenisation {
    private final Path folder;
    private final TextTokenizer tokenizer;
    private final int vocabulary;
    private final int endOfText;
    private final double maxBadLinesShare;
    private final Reporter reporter;

    /**
     * Tokenises with the tokenizer of one model.
     *
     * @param folder that gets a folder for each set
     * @param vocabulary rows of the model's embedding
     * @param endOfText the id between two documents
     */
    Tokenisation(
            Path folder,
            TextTokenizer tokenizer,
            int vocabulary,
            int endOfText,
            double maxBadLinesShare,
            Reporter reporter) {
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.endOfText = endOfText;
        this.maxBadLinesShare = maxBadLinesShare;
        this.reporter = reporter;
    }

    /**
     * Makes one set.
     *
     * @throws StageException {@link ExitCode#BAD_DATA} where there is no text, or too many lines are bad
     */
    PreparedData make(DataSet set) {
        Path place = folder.resolve(set.name());
        TokenManifest manifest = finished(place, set).orElseGet(() -> tokenise(set, place));
        return new PreparedData(
                new DataRef(set.name(), place.toString(), manifest.digest(), set.maxWindows()),
                manifest.revision(),
                manifest.tokens(),
                manifest.documents(),
                manifest.badLines());
    }

    private Optional<TokenManifest> finished(Path place, DataSet set) {
        if (!Files.exists(place)) {
            return Optional.empty();
        }
        try (TokenSet found = TokenSet.open(place)) {
            if (!isOf(set, found.manifest())) {
                return Optional.empty();
            }
            found.verify();
            return Optional.of(found.manifest());
        } catch (StageException e) {
            return switch (e.exitCode()) {
                // Half written, or damaged since: made again.
                case NOT_FOUND, BAD_DATA, BAD_ORDER -> Optional.empty();
                default -> throw e;
            };
        }
    }

    private boolean isOf(DataSet set, TokenManifest manifest) {
        return manifest.source().equals(set.description(maxBadLinesShare))
                && manifest.revision().equals(set.revision())
                && manifest.tokenizer().equals(tokenizer.digest())
                && manifest.vocabulary() == vocabulary
                && manifest.endOfText() == endOfText;
    }

    private TokenManifest tokenise(DataSet set, Path place) {
        BadLines badLines = new BadLines();
        try (Mix texts = open(set, badLines);
                TokenSetWriter writer = new TokenSetWriter(place, vocabulary, endOfText)) {
            Progression progress = reporter.begin("tokenise", 0, set.bytes());
            for (Optional<Encoded.Ids> ids = texts.next(); ids.isPresent(); ids = texts.next()) {
                writer.append(ids.get().ids());
                if (ids.get().endsDocument()) {
                    writer.endDocument();
                }
                progress.at(texts.bytesRead());
            }
            progress.at(set.bytes());
            badLines.refuseAbove(maxBadLinesShare, set.name());
            refuseEmpty(set, writer);
            return writer.finish(
                    badLines.count(), tokenizer.digest(), set.description(maxBadLinesShare), set.revision());
        }
    }

    private Mix open(DataSet set, BadLines badLines) {
        Mix mix = new Mix();
        for (DataSet.Part part : set.parts()) {
            Corpus.Reading reading = new Corpus.Reading(
                    part.source().format(), part.source().textField(), tokenizer.cutsAtLines(), set.mixed());
            mix.add(
                    new Encoded(new Corpus(part.copy().files(), reading, badLines), tokenizer),
                    part.source().weight());
        }
        return mix;
    }

    private static void refuseEmpty(DataSet set, TokenSetWriter writer) {
        if (writer.tokens() == 0) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "data set '" + set.name() + "' holds no text: "
                            + set.parts().stream()
                                    .map(part -> part.source().uri() + " with "
                                            + part.copy().files().size() + " files")
                                    .toList());
        }
    }
}
