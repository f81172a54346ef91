package dev.modelfamily.trainer.corpus;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** The text column of a Parquet file, one document a row; the other columns are not read. */
final class ParquetRows implements Passages {
    private final Path file;
    private final String field;
    private final BadLines badLines;
    private final ParquetFileReader reader;
    private final MessageType projection;
    private final long bytes;
    private RecordReader<Group> rows;
    private long rowsLeft;
    private long row;

    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    ParquetRows(Path file, String field, BadLines badLines) {
        this.file = file;
        this.field = field;
        this.badLines = badLines;
        this.bytes = file.toFile().length();
        this.reader = decoded(() -> ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ParquetCodecs())
                        .build()));
        boolean whole = false;
        try {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            this.projection = new MessageType(schema.getName(), textColumn(schema));
            reader.setRequestedSchema(projection);
            whole = true;
        } finally {
            if (!whole) {
                close();
            }
        }
    }

    @Override
    public Optional<Passage> next() {
        while (rowsLeft > 0 || nextRowGroup()) {
            Group group = decoded(rows::read);
            rowsLeft--;
            row++;
            badLines.line();
            boolean empty = group.getFieldRepetitionCount(field) == 0;
            String text = empty ? "" : group.getString(field, 0);
            String problem = empty ? "has no '" + field + "'" : Texts.problem(text);
            if (problem.isEmpty()) {
                return Optional.of(new Passage(text, true));
            }
            badLines.bad(file.toString(), "row " + row, problem);
        }
        return Optional.empty();
    }

    @Override
    public long bytesRead() {
        long rowsOfAll = Math.max(1, reader.getRecordCount());
        return (long) ((double) row / rowsOfAll * bytes);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot close " + file + ": " + e.getMessage(), e);
        }
    }

    private boolean nextRowGroup() {
        Optional<PageReadStore> group = decoded(() -> Optional.ofNullable(reader.readNextRowGroup()));
        group.ifPresent(pages -> {
            rowsLeft = pages.getRowCount();
            // The first page is decompressed here already.
            rows = decoded(() -> new ColumnIOFactory()
                    .getColumnIO(projection)
                    .getRecordReader(pages, new GroupRecordConverter(projection)));
        });
        return group.isPresent();
    }

    private Type textColumn(MessageType schema) {
        if (!schema.containsField(field)) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    file + " has no column '" + field + "'; set textField to one of "
                            + schema.getFields().stream().map(Type::getName).toList());
        }
        Type column = schema.getType(field);
        boolean text = LogicalTypeAnnotation.stringType().equals(column.getLogicalTypeAnnotation());
        if (!text || column.isRepetition(Type.Repetition.REPEATED)) {
            throw new StageException(
                    ExitCode.BAD_DATA, file + ": column '" + field + "' is " + column + ", not one string a row");
        }
        return column;
    }

    /** What may fail in the library. */
    private interface Decoding<T> {
        T run() throws IOException;
    }

    private <T> T decoded(Decoding<T> decoding) {
        try {
            return decoding.run();
        } catch (IOException | RuntimeException e) { // the library throws bare RuntimeExceptions on damaged files
            throw new StageException(
                    ExitCode.BAD_DATA, file + " cannot be read as Parquet after row " + row + ": " + e.getMessage(), e);
        }
    }
}
