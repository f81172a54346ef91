package dev.modelfamily.trainer.corpus;

import java.util.Optional;

/** The passages of one file, in order. */
interface Passages extends AutoCloseable {
    /** The next passage; none at the end of the file. */
    Optional<Passage> next();

    /** How many bytes of the file have been read, about. */
    long bytesRead();

    @Override
    void close();
}
