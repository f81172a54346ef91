package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.Main;
import dev.modelfamily.trainer.torch.Device;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A stage as a process of its own, as an executor starts it. */
final class StageProcess implements AutoCloseable {
    private static final long LIMIT_MINUTES = 10;

    private final Process process;
    private final BufferedReader output;
    private final Path errors;
    private final Path result;

    private StageProcess(Process process, Path errors, Path result) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.errors = errors;
        this.result = result;
    }

    static StageProcess start(StageOrder order, Path folder) throws IOException {
        return start(order, folder, "unlimited");
    }

    /**
     * Starts a stage.
     *
     * @param folder for its order, standard error and result
     * @param fileBlocks that a file may have at most, of 1024 bytes: more is refused to the process as a full disk would
     */
    static StageProcess start(StageOrder order, Path folder, String fileBlocks) throws IOException {
        return start(order, folder, fileBlocks, Map.of());
    }

    /** Starts a stage that is asked to compute on a device. */
    static StageProcess startOn(String device, StageOrder order, Path folder) throws IOException {
        return start(order, folder, "unlimited", Map.of(Device.VARIABLE, device));
    }

    private static StageProcess start(StageOrder order, Path folder, String fileBlocks, Map<String, String> environment)
            throws IOException {
        Path file = folder.resolve("order.json");
        Path errors = folder.resolve("stderr");
        Path result = folder.resolve("result");
        Files.deleteIfExists(result);
        Json.writeAtomically(file, order);
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", "ulimit -f " + fileBlocks + " && exec \"$@\"", "bash"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "stage",
                file.toString(),
                "--result",
                result.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new StageProcess(process, errors, result);
    }

    /** Reads progress until a line has all of these parts; false where the process ended before. */
    boolean reaches(String... parts) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            String seen = line;
            if (List.of(parts).stream().allMatch(seen::contains)) {
                return true;
            }
        }
        return false;
    }

    // Through the handle: the process itself would also close the output that is still to be read.

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** SIGTERM. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Reads what is left of the output and waits for the end. */
    int exitCode() throws Exception {
        while (output.readLine() != null) {
            // Nobody needs it, but a full pipe would stop the process.
        }
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            throw new AssertionError("the stage did not end within " + LIMIT_MINUTES + " minutes");
        }
        return process.exitValue();
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    String result() throws IOException {
        return Files.readString(result);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
