package dev.modelfamily.trainer.export;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.FileEntry;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.data.ContentDigest;
import dev.modelfamily.trainer.weights.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongConsumer;

/** Finished members: a folder with a {@code manifest.json} that names every other file and its digest. */
public final class Members {
    /** The last file of a member. */
    public static final String MANIFEST = "manifest.json";

    /** The facts of a run that are not part of the member. */
    public static final String RUN = "run.json";

    private Members() {}

    /** Whether there is a manifest: without one a folder is a stock model, or half written. */
    public static boolean isMember(Path folder) {
        return Files.isRegularFile(folder.resolve(MANIFEST));
    }

    /** The digest of a member: that of its manifest, which holds those of all its files. */
    public static String digest(Path folder) {
        return ContentDigest.of(MappedFile.bytes(folder.resolve(MANIFEST)));
    }

    /**
     * Reads the manifest of a member and compares every file with it.
     *
     * @throws StageException {@link ExitCode#BAD_DATA} where a file is missing or was changed: it is named, with both digests
     */
    public static Manifest verified(Path folder) {
        return verified(folder, bytes -> {});
    }

    /**
     * The same with progress.
     *
     * @param progress gets the bytes that were read since its last call
     */
    public static Manifest verified(Path folder, LongConsumer progress) {
        Manifest manifest = manifest(folder);
        for (Map.Entry<String, FileEntry> entry : manifest.files().entrySet()) {
            Path file = folder.resolve(entry.getKey());
            if (!Files.isRegularFile(file)) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        file + " is missing though its manifest names it; run the stage that made it again");
            }
            FileEntry found = entry(file);
            progress.accept(found.bytes());
            if (!found.equals(entry.getValue())) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        file + " was changed: its manifest says SHA-256 "
                                + entry.getValue().sha256() + " and "
                                + entry.getValue().bytes()
                                + " bytes, the file gives " + found.sha256() + " and " + found.bytes()
                                + "; run the stage that made it again");
            }
        }
        return manifest;
    }

    private static Manifest manifest(Path folder) {
        Path file = folder.resolve(MANIFEST);
        try {
            Manifest manifest = Json.mapper().readValue(MappedFile.bytes(file), Manifest.class);
            if (manifest.version() != StageOrder.VERSION || manifest.files() == null) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        file + " has version " + manifest.version() + " where this program knows version "
                                + StageOrder.VERSION);
            }
            return manifest;
        } catch (IOException e) {
            throw new StageException(ExitCode.BAD_DATA, file + " is no manifest of a member: " + e.getMessage(), e);
        }
    }

    /** Digest and size of a file. */
    public static FileEntry entry(Path file) {
        ContentDigest digest = new ContentDigest();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = MappedFile.map(file, arena);
            digest.update(content);
            String found = digest.finish();
            return new FileEntry(found.substring(found.indexOf(':') + 1), content.byteSize());
        }
    }
}
