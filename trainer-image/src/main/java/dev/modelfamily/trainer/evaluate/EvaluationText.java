package dev.modelfamily.trainer.evaluate;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.api.v1alpha1.DataSpec;
import dev.modelfamily.api.v1alpha1.Units;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.corpus.BadLines;
import dev.modelfamily.trainer.corpus.Corpus;
import dev.modelfamily.trainer.corpus.CorpusFiles;
import dev.modelfamily.trainer.data.Tokens;
import dev.modelfamily.trainer.tokenize.Encoded;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.weights.MappedFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The tokens of a text file. A file of documents, told by its name (JSON Lines, Parquet), has the end-of-text token after each,
 * as the evaluation sets of a family have; so the same file gives the same perplexity here and there.
 */
record EvaluationText(Path file, String textField, TextTokenizer tokenizer, int endOfText) {
    /**
     * Reads it all.
     *
     * @throws StageException {@link ExitCode#BAD_DATA} where it is not what its name says, {@link ExitCode#NOT_FOUND} where it is
     *     not there
     */
    Tokens tokens() {
        return CorpusFiles.formatOf(file.toString())
                .filter(format -> format != DataFormat.Text)
                .map(this::documents)
                .orElseGet(() -> Tokens.of(tokenizer.encode(whole())));
    }

    private String whole() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(MappedFile.bytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new StageException(ExitCode.BAD_DATA, file + " is not text in UTF-8; convert it", e);
        }
    }

    private Tokens documents(DataFormat format) {
        BadLines badLines = new BadLines();
        IntStream.Builder ids = IntStream.builder();
        Corpus.Reading reading = new Corpus.Reading(format, textField, tokenizer.cutsAtLines(), false);
        try (Encoded texts = new Encoded(new Corpus(List.of(file), reading, badLines), tokenizer)) {
            for (Optional<Encoded.Ids> passage = texts.next(); passage.isPresent(); passage = texts.next()) {
                IntStream.of(passage.get().ids()).forEach(ids);
                if (passage.get().endsDocument()) {
                    ids.add(endOfText);
                }
            }
        }
        badLines.refuseAbove(Units.share(DataSpec.USUAL_BAD_LINES), file.toString(), "mend the data");
        return Tokens.of(ids.build().toArray());
    }
}
