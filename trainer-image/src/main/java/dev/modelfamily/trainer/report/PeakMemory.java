package dev.modelfamily.trainer.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The highest resident memory of this process, as Linux counts it. */
public final class PeakMemory {
    private static final Logger LOG = Logger.getLogger(PeakMemory.class.getName());
    private static final Path STATUS = Path.of("/proc/self/status");

    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private PeakMemory() {}

    /** From now on the peak counts anew, where the system can do that. */
    public static void reset() {
        try {
            Files.writeString(CLEAR, "5");
        } catch (IOException e) {
            LOG.log(Level.FINE, "the peak of memory cannot be reset: {0}", e.getMessage());
        }
    }

    /** In bytes; 0 where the system does not say. */
    public static long bytes() {
        return field("VmHWM:");
    }

    /** The resident memory now, in bytes; 0 where the system does not say. */
    static long present() {
        return field("VmRSS:");
    }

    private static long field(String name) {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
