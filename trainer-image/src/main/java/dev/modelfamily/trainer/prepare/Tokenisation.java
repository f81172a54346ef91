package dev.modelfamily.trainer.prepare;

import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.trainer.corpus.BadLines;
import dev.modelfamily.trainer.corpus.Corpus;
import dev.modelfamily.trainer.data.TokenManifest;
import dev.modelfamily.trainer.data.TokenSetWriter;
import dev.modelfamily.trainer.generate.Generation;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.tokenize.Encoded;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.file.Path;
import java.util.Optional;

/** Makes token sets, each in a folder of its own; one that is there already, whole and of the same texts, is kept, also
 * where another preparation made it. */
final class Tokenisation {
    private final Path output;
    private final TextTokenizer tokenizer;
    private final int vocabulary;
    private final int endOfText;
    private final double maxBadLinesShare;
    private final Reporter reporter;

    /**
     * Tokenises with the tokenizer of one model.
     *
     * @param output that gets a folder {@code data/NAME} for each set
     * @param vocabulary rows of the model's embedding
     * @param endOfText the id between two documents
     */
    Tokenisation(
            Path output,
            TextTokenizer tokenizer,
            int vocabulary,
            int endOfText,
            double maxBadLinesShare,
            Reporter reporter) {
        this.output = output;
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
        Path place = output.resolve(Neighbours.DATA).resolve(set.name());
        TokenManifest manifest = Neighbours.whole(place, found -> isOf(set, found))
                .or(() -> new Neighbours(output).bring(found -> isOf(set, found), place))
                .orElseGet(() -> tokenise(set, place));
        return prepared(manifest, new DataRef(set.name(), place.toString(), manifest.digest(), set.maxWindows()));
    }

    /**
     * Makes a set of texts that a model is asked for: of its ids, which no text stands between. One that was broken off is begun
     * anew.
     *
     * @param digest of the model
     */
    PreparedData sample(Generated set, OpenModel model, String digest) {
        Path place = output.resolve(Neighbours.DATA).resolve(set.source().name());
        TokenManifest manifest = Neighbours.whole(place, found -> isOf(set, digest, found))
                .or(() -> new Neighbours(output).bring(found -> isOf(set, digest, found), place))
                .orElseGet(() -> sample(set, model, digest, place));
        return prepared(manifest, new DataRef(set.source().name(), place.toString(), manifest.digest(), 0));
    }

    private boolean isOf(Generated set, String digest, TokenManifest manifest) {
        return manifest.source().equals(set.source().uri())
                && manifest.revision().equals(digest)
                && manifest.tokenizer().equals(tokenizer.digest())
                && manifest.vocabulary() == vocabulary
                && manifest.endOfText() == endOfText;
    }

    private TokenManifest sample(Generated set, OpenModel model, String digest, Path place) {
        ModelShape shape = ModelShapes.of(model.config());
        Generation generation = set.generation(shape.maxPositions());
        try (LanguageModel loaded = Loading.load(model, reporter.begin("load", 0, Parameters.of(shape)));
                TokenSetWriter writer = new TokenSetWriter(place, vocabulary, endOfText)) {
            generation.run(loaded, endOfText, reporter.begin("generate", 0, generation.total()), ids -> {
                writer.append(ids);
                writer.endDocument();
            });
            return writer.finish(0, tokenizer.digest(), set.source().uri(), digest);
        }
    }

    private static PreparedData prepared(TokenManifest manifest, DataRef ref) {
        return new PreparedData(ref, manifest.revision(), manifest.tokens(), manifest.documents(), manifest.badLines());
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
            long bytes = set.bytes();
            Progression progress = reporter.begin("tokenise", 0, bytes);
            for (Optional<Encoded.Ids> ids = texts.next(); ids.isPresent(); ids = texts.next()) {
                writer.append(ids.get().ids());
                if (ids.get().endsDocument()) {
                    writer.endDocument();
                }
                // What was read last is still to be encoded.
                progress.at(Math.min(texts.bytesRead(), bytes - 1));
            }
            progress.at(bytes);
            badLines.refuseAbove(maxBadLinesShare, set.name(), "mend the data or raise data.maxBadLines");
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
