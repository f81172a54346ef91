package dev.modelfamily.trainer.fetch;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What goes wrong once with an answer of {@link FakeHub}. */
public sealed interface Fault {
    /** An answer without a body. */
    record Status(int code, Map<String, String> headers) implements Fault {}

    /** The connection breaks after so many bytes. */
    record Cut(int bytes) implements Fault {}

    /** The answer ends after so many bytes as if that were all. */
    record EndsEarly(int bytes) implements Fault {}

    /** A byte is another one. */
    record Wrong() implements Fault {}

    /** After so many bytes nothing comes until the latch is open. */
    record Stall(int bytes, CountDownLatch latch) implements Fault {}
}
