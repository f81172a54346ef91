package dev.modelfamily.trainer.torch;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * The one way between tensors and the memory of this process. On the processor they are the same and nothing is copied; else a
 * tensor in the memory of this process stands between: of the same size where one is written, of 32 MiB at most where one is
 * read.
 */
final class Staging {
    private static final long PIECE_BYTES = 32L << 20;

    /** Loaded only where something is copied. */
    private static final class Copies {
        private static final Script SCRIPT = Script.load("staging.torchscript");
    }

    private Staging() {}

    static void fill(Tensor tensor, Consumer<MemorySegment> fill) {
        if (Torch.device().isHostReadable()) {
            fill.accept(tensor.memory());
            return;
        }
        try (Tensor host = host(tensor, tensor.elements())) {
            fill.accept(host.memory());
            Copies.SCRIPT.run("load", Arguments.of().tensor(tensor).tensor(host));
        }
    }

    static <E extends Exception> void read(Tensor tensor, Tensor.Reader<E> reader) throws E {
        if (Torch.device().isHostReadable()) {
            reader.read(0, tensor.memory());
            return;
        }
        try (Pieces pieces = Pieces.of(tensor)) {
            for (long at = 0; at < tensor.bytes(); at += pieces.bytes()) {
                reader.read(at, pieces.from(at));
            }
        }
    }

    static long mismatch(Tensor one, Tensor other) {
        if (Torch.device().isHostReadable()) {
            return one.memory().mismatch(other.memory());
        }
        try (Pieces mine = Pieces.of(one);
                Pieces others = Pieces.of(other)) {
            for (long at = 0; at < one.bytes(); at += mine.bytes()) {
                long found = mine.from(at).mismatch(others.from(at));
                if (found >= 0) {
                    return at + found;
                }
            }
            return -1;
        }
    }

    /** An uninitialised row of so many elements like those of a tensor, in the memory of this process. */
    private static Tensor host(Tensor tensor, long elements) {
        return Copies.SCRIPT.tensor("host", Arguments.of().tensor(tensor).integer(elements));
    }

    /**
     * Copies of a tensor, one piece at a time.
     *
     * @param host a row for one piece
     */
    private record Pieces(Tensor tensor, Tensor host) implements AutoCloseable {
        static Pieces of(Tensor tensor) {
            return new Pieces(
                    tensor, Staging.host(tensor, Math.min(tensor.elements(), PIECE_BYTES / tensor.elementBytes())));
        }

        /** The size of all pieces but the last, which may be smaller. */
        long bytes() {
            return host.bytes();
        }

        /** The piece from this byte on, until the next one is asked for. */
        MemorySegment from(long offset) {
            long first = offset / tensor.elementBytes();
            long count = Math.min(host.elements(), tensor.elements() - first);
            Copies.SCRIPT.run(
                    "store",
                    Arguments.of().tensor(tensor).tensor(host).integer(first).integer(count));
            return host.memory().asSlice(0, count * tensor.elementBytes());
        }

        @Override
        public void close() {
            host.close();
        }
    }
}
