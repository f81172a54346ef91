package dev.modelfamily.cli.folder;

import java.time.Instant;
import java.util.Optional;

/**
 * A process, so that it is known again: the system gives its number to others once it has ended.
 *
 * @param startedMillis when it started, in milliseconds since 1970, as the system tells it; 0 where it does not
 */
public record ProcessMark(long pid, long startedMillis) {
    public static ProcessMark of(ProcessHandle process) {
        return new ProcessMark(process.pid(), started(process));
    }

    /** The process, if it still runs. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> started(process) == startedMillis);
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
