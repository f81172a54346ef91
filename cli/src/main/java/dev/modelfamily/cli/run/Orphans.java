package dev.modelfamily.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.modelfamily.cli.folder.ProcessMark;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Trainers that outlived the run that started them, since it was killed. They end before another run begins. */
record Orphans(RunFolder folder, Duration grace, Consumer<String> teller) {
    /** Ends them all, with a checkpoint where they are quick enough, and deletes their records. */
    void end() throws InterruptedException {
        for (Path order : orders()) {
            Optional<ProcessHandle> orphan = find(order);
            if (orphan.isPresent()) {
                teller.accept("stopping a trainer that an earlier run left behind (process "
                        + orphan.get().pid() + ")");
                end(orphan.get());
            }
        }
        try (Stream<Path> files = Files.list(folder.attempts())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private List<Path> orders() {
        try (Stream<Path> files = Files.list(folder.attempts())) {
            return files.filter(file -> file.toString().endsWith(Attempts.ORDER))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Optional<ProcessHandle> find(Path order) {
        String name = order.getFileName().toString().replace(Attempts.ORDER, Attempts.MARK);
        try {
            return Json.mapper()
                    .readValue(Files.readAllBytes(order.resolveSibling(name)), ProcessMark.class)
                    .find();
        } catch (JsonProcessingException e) {
            throw failed(e);
        } catch (IOException _) {
            // The run was killed between the start of the trainer and its mark: its arguments name the order.
            return ProcessHandle.allProcesses()
                    .filter(process -> process.info()
                            .arguments()
                            .filter(arguments -> Arrays.asList(arguments).contains(order.toString()))
                            .isPresent())
                    .findFirst();
        }
    }

    private void end(ProcessHandle orphan) throws InterruptedException {
        orphan.destroy();
        try {
            orphan.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            orphan.destroyForcibly();
            orphan.onExit().join();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process cannot fail", e);
        }
    }

    private StageException failed(IOException e) {
        return new StageException(ExitCode.UNREACHABLE, "cannot work in " + folder.attempts() + ": " + e, e);
    }
}
