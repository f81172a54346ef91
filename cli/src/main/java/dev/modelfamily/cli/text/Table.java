package dev.modelfamily.cli.text;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table in plain text: no lines, two spaces between columns, numbers to the right. */
public final class Table {
    private final List<Column> columns = new ArrayList<>();
    private final List<Object[]> rows = new ArrayList<>();

    /** A column of words. */
    public Table words(String header) {
        return column(header, HorizontalAlign.LEFT);
    }

    /** A column of numbers. */
    public Table numbers(String header) {
        return column(header, HorizontalAlign.RIGHT);
    }

    private Table column(String header, HorizontalAlign align) {
        columns.add(
                new Column().header(header).headerAlign(align).dataAlign(align).maxWidth(Integer.MAX_VALUE));
        return this;
    }

    /** A row with a cell for each column. */
    public Table row(List<String> cells) {
        rows.add(cells.toArray());
        return this;
    }

    /** The lines, each with its end. */
    @Override
    public String toString() {
        return AsciiTable.getTable(AsciiTable.NO_BORDERS, columns.toArray(Column[]::new), rows.toArray(Object[][]::new))
                .lines()
                .map(line -> line.stripTrailing().replaceFirst("^ ", ""))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
