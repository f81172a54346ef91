package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Brings one file into the cache. The bytes go to {@code BLOB.part}; a download that broke off goes on behind them, also in
 * another process. That they are of the same file is sure where it is named after its checksum, which is compared at the end; a
 * validator of HTTP would tell less, since each mirror behind the Hub has tags of its own.
 */
final class Download {
    private final Hub hub;
    private final Patience patience;
    private final String commit;
    private final RemoteFile file;
    private final Path blob;
    private final Path part;
    private final LongConsumer progress;

    /**
     * A download that has not begun.
     *
     * @param blob where the bytes go
     * @param progress told how many bytes of the file are here
     */
    Download(Hub hub, Patience patience, String commit, RemoteFile file, Path blob, LongConsumer progress) {
        this.hub = hub;
        this.patience = patience;
        this.commit = commit;
        this.file = file;
        this.blob = blob;
        this.part = blob.resolveSibling(blob.getFileName() + ".part");
        this.progress = progress;
    }

    /**
     * Downloads; the caller holds the lock of the blob.
     *
     * @throws StageException {@link ExitCode#BAD_DATA} where the checksum is wrong twice, {@link ExitCode#UNREACHABLE} where the
     *     disk is full, and as {@link Answers} says
     */
    void run() {
        Disk.folder(blob.getParent());
        if (!file.checksum().known()) {
            Disk.delete(part); // nothing would tell if it were of another file
        }
        if (!isRight(receive())) {
            Disk.delete(part);
            Checksum second = receive();
            if (!isRight(second)) {
                Disk.delete(part);
                throw new StageException(
                        ExitCode.BAD_DATA,
                        file.path() + " at commit " + commit + " came twice with the checksum " + second.hex()
                                + " where the Hub says " + file.checksum().hex()
                                + "; check what stands between this machine and the Hub, and HF_ENDPOINT");
            }
        }
        Disk.finish(part, blob);
    }

    private boolean isRight(Checksum found) {
        return !file.checksum().known() || found.equals(file.checksum());
    }

    /** Downloads to the end and gives the checksum. */
    private Checksum receive() {
        if (!isComplete()) {
            patience.with(this::receiveOnce, () -> Disk.size(part));
        }
        return file.checksum().of(part);
    }

    private boolean isComplete() {
        return part.toFile().exists() && Disk.size(part) == file.bytes();
    }

    private boolean receiveOnce() {
        long have = Disk.size(part);
        if (file.bytes() >= 0 && have > file.bytes()) {
            Disk.delete(part);
            have = 0;
        }
        Map<String, String> range = have == 0 ? Map.of() : Map.of("Range", "bytes=" + have + "-");
        try {
            if (!hub.file(commit, file.path(), range, into(have), this::received)) {
                Disk.delete(part);
                throw passing("does not go on at byte " + have);
            }
        } catch (Passing e) {
            refuseTooFull();
            throw e;
        }
        long got = received();
        if (got < file.bytes()) {
            throw passing("ended after " + got + " of " + file.bytes() + " bytes");
        }
        return true;
    }

    /** A full disk looks like a connection that broke off. */
    private void refuseTooFull() {
        long left = Math.max(1, file.bytes() - Disk.size(part));
        Disk.refuseTooFull(part.getParent(), left, file.path());
    }

    private long received() {
        long bytes = Disk.size(part);
        progress.accept(bytes);
        return bytes;
    }

    /** Writes behind what is there if the answer goes on there; a server that knows no ranges sends all from the start. */
    private BodyHandler<Boolean> into(long have) {
        return info -> {
            if (info.statusCode() != 206) {
                return BodySubscribers.mapping(
                        BodySubscribers.ofFile(
                                part,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING),
                        _ -> true);
            }
            String range = info.headers().firstValue("Content-Range").orElse("");
            return range.startsWith("bytes " + have + "-")
                    ? BodySubscribers.mapping(
                            BodySubscribers.ofFile(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                            _ -> true)
                    : new Unread<>(false);
        };
    }

    private Passing passing(String what) {
        return new Passing(
                new StageException(
                        ExitCode.UNREACHABLE, "the download of " + file.path() + " at commit " + commit + " " + what),
                Optional.empty());
    }
}
