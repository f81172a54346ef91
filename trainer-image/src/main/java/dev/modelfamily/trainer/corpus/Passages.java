package dev.modelfamily.trainer.corpus;

import java.util.Optional;

/** The passages of one file, in order. */
interface Passages extends AutoCloseable {
    /** The next passage; none at the end of the file. */
    Optional<Passage> next();

    @Override
    void close();
}
