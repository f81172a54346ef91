package dev.modelfamily.trainer.measure;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logits}: what a model computes for given tokens, for comparison with other programs. */
@Command(
        name = "logits",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes the logits of rows of token ids as little-endian fp32, row by row.")
public final class LogitsCommand implements Callable<Integer> {
    @Parameters(index = "0", description = "A model folder or GGUF file.")
    private Path model;

    @Option(names = "--ids", required = true, description = "JSON: a list of rows, each a list of token ids.")
    private Path ids;

    @Option(names = "--out", required = true, description = "The file that gets [rows, tokens, vocabulary] numbers.")
    private Path out;

    @Override
    public Integer call() {
        try (OpenModel source = Models.open(model);
                LanguageModel loaded = Loading.load(source, done -> {});
                FileChannel channel = FileChannel.open(out, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int[] row : Json.mapper().readValue(Files.readAllBytes(ids), new TypeReference<List<int[]>>() {})) {
                write(channel, loaded.logits(new int[][] {row}));
            }
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.BAD_DATA, "cannot read " + ids + " or write the new file " + out + ": " + e, e);
        }
        return ExitCode.DONE.code();
    }

    private static void write(FileChannel channel, float[] logits) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * logits.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(logits);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
