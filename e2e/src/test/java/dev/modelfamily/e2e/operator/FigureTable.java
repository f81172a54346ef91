package dev.modelfamily.e2e.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures as a table of Markdown, said as they come. */
final class FigureTable {
    private static final Path LOAD = Path.of("/proc/loadavg");

    private final Path file;
    private final List<Row> rows = new ArrayList<>();
    private final String loadBefore = load();

    FigureTable(Path file) {
        this.file = file;
    }

    /**
     * One figure.
     *
     * @param unit may be empty
     * @param aim such as {@code < 1}; empty where there is none
     */
    record Row(String what, String unit, double value, String aim) {
        private String line() {
            String number = value == Math.rint(value)
                    ? String.valueOf((long) value)
                    : String.format(Locale.ROOT, "%.2f", value);
            return "| " + what + " | " + (number + " " + unit).strip() + " | " + aim + " |";
        }
    }

    void add(Row row) {
        rows.add(row);
        System.out.println(row.line());
    }

    /** Writes all of them, with how busy the machine was: at another load the times are others. */
    void write() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                Runtime.getRuntime().availableProcessors() + " processors; load averages before: " + loadBefore
                        + ", after: " + load(),
                "",
                "| figure | measured | aim |",
                "|---|---|---|"));
        rows.forEach(row -> lines.add(row.line()));
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    private static String load() {
        try {
            return String.join(" ", List.of(Files.readString(LOAD).split(" ")).subList(0, 3));
        } catch (IOException _) {
            return "unknown";
        }
    }
}
