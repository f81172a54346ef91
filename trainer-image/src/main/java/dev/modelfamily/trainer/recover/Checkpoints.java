package dev.modelfamily.trainer.recover;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.torch.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The checkpoints of one stage: {@code step-N.tensors}, all tensors one after the other as they are in memory, and
 * {@code step-N.json}, written after it, which names its SHA-256. The last two are kept, so that a damaged one costs an interval
 * and not the stage.
 */
public final class Checkpoints {
    private static final Logger LOG = Logger.getLogger(Checkpoints.class.getName());
    private static final String STATE = ".json";
    private static final int KEPT = 2;
    private static final int BLOCK = 8 << 20;

    private final Path folder;

    /** The checkpoints in a folder, which is made if needed. */
    public Checkpoints(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.UNREACHABLE, "cannot make the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    /** A checkpoint that was found whole. */
    public record Found(CheckpointState state, Path tensors) {}

    /**
     * The newest checkpoint of the stage that is whole; damaged ones and those of another stage are passed over with a
     * warning.
     *
     * @param course what was written beside the checkpoints: one that knows more of it than is there is damaged too
     */
    public Optional<Found> newest(String key, Course course) {
        for (Path file : states()) {
            Optional<Found> found = open(file, key);
            if (found.isPresent() && course.has(found.get().state())) {
                return found;
            }
            found.ifPresent(checkpoint -> LOG.log(
                    Level.WARNING,
                    "{0} or {1} beside {2} is damaged; going back to the checkpoint before it",
                    new Object[] {Course.LOSS, Course.EVALUATION, file}));
        }
        return Optional.empty();
    }

    private Optional<Found> open(Path file, String key) {
        try {
            CheckpointState state = Json.read(file, CheckpointState.class);
            if (state.version() != CheckpointState.VERSION || !key.equals(state.key())) {
                LOG.log(Level.WARNING, "{0} is of another stage or version: passed over", file);
                return Optional.empty();
            }
            Path tensors = tensors(state.step());
            String digest = digest(tensors);
            if (!digest.equals(state.sha256())) {
                LOG.log(
                        Level.WARNING,
                        "{0} is damaged: SHA-256 {1} where {2} was written; going back to the checkpoint before it",
                        new Object[] {tensors, digest, state.sha256()});
                return Optional.empty();
            }
            return Optional.of(new Found(state, tensors));
        } catch (StageException e) {
            LOG.log(Level.WARNING, "{0} cannot be used: {1}; going back to the one before it", new Object[] {
                file, e.getMessage()
            });
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} cannot be used: {1}; going back to the one before it", new Object[] {file, e});
            return Optional.empty();
        }
    }

    /** Deletes what a run that was killed left half written. */
    public void clean() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                boolean orphan = name.matches("step-\\d+\\.tensors") && !Files.exists(state(step(file)));
                if (name.endsWith(".tmp") || orphan) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot clean " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Writes a checkpoint and then removes those that are older than the last two. */
    public void write(CheckpointState state, List<Tensor> tensors) {
        Path file = tensors(state.step());
        Path temporary = folder.resolve(file.getFileName() + ".tmp");
        MessageDigest digest = sha256();
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                for (Tensor tensor : tensors) {
                    tensor.read((offset, bytes) -> write(channel, digest, bytes));
                }
                channel.force(true);
            }
            Files.move(temporary, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            Json.writeAtomically(
                    state(state.step()), state.withDigest(HexFormat.of().formatHex(digest.digest())));
            removeOld();
        } catch (IOException e) {
            deletePartial(temporary);
            long needed = tensors.stream().mapToLong(Tensor::bytes).sum();
            throw new StageException(
                    ExitCode.UNREACHABLE,
                    "cannot write the checkpoint " + file + " of " + needed + " bytes ("
                            + folder.toFile().getUsableSpace() + " are free): " + e.getMessage()
                            + "; make room and run again, nothing is lost",
                    e);
        }
    }

    /** Half a checkpoint is of no use, and where the disk is full its space is needed. */
    private static void deletePartial(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot delete " + temporary, e);
        }
    }

    private static void write(FileChannel channel, MessageDigest digest, MemorySegment memory) throws IOException {
        for (long at = 0; at < memory.byteSize(); at += BLOCK) {
            MemorySegment block = memory.asSlice(at, Math.min(BLOCK, memory.byteSize() - at));
            digest.update(block.asByteBuffer());
            ByteBuffer buffer = block.asByteBuffer();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    /** Reads the tensors of a checkpoint into tensors of the same sizes, in the order in which they were written. */
    public static void read(Found found, List<Tensor> tensors) {
        long expected = tensors.stream().mapToLong(Tensor::bytes).sum();
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(found.tensors(), StandardOpenOption.READ)) {
            if (channel.size() != expected) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        found.tensors() + " has " + channel.size() + " bytes where the model has " + expected
                                + "; delete the folder " + found.tensors().getParent() + " to start the stage anew");
            }
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, expected, arena);
            long at = 0;
            for (Tensor tensor : tensors) {
                MemorySegment content = file.asSlice(at, tensor.bytes());
                tensor.fill(memory -> memory.copyFrom(content));
                at += tensor.bytes();
            }
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot read " + found.tensors() + ": " + e.getMessage(), e);
        }
    }

    private void removeOld() throws IOException {
        List<Path> states = states();
        for (Path old : states.subList(Math.min(KEPT, states.size()), states.size())) {
            // The state first: tensors without a state are never read.
            Files.deleteIfExists(old);
            Files.deleteIfExists(tensors(step(old)));
        }
    }

    private Path state(long step) {
        return folder.resolve("step-" + step + STATE);
    }

    private Path tensors(long step) {
        return folder.resolve("step-" + step + ".tensors");
    }

    /** State files, the newest first. */
    private List<Path> states() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("step-\\d+\\.json"))
                    .sorted(Comparator.comparingLong(Checkpoints::step).reversed())
                    .toList();
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot list " + folder + ": " + e.getMessage(), e);
        }
    }

    private static long step(Path file) {
        return Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""));
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            for (long at = 0; at < memory.byteSize(); at += BLOCK) {
                digest.update(memory.asSlice(at, Math.min(BLOCK, memory.byteSize() - at))
                        .asByteBuffer());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
