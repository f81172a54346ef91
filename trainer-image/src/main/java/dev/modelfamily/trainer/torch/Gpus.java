package dev.modelfamily.trainer.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the libraries under libtorch say of GPUs. None of this is in DJL or in TorchScript, so their own functions are called. */
final class Gpus {
    /** {@code c10::cuda::device_count()}, as the C++ compilers of Linux write it; only in a libtorch for GPUs. */
    private static final String COUNT = "_ZN3c104cuda12device_countEv";

    private Gpus() {}

    /** A function that returns a signed byte. */
    @FunctionalInterface
    public interface Count {
        byte get();
    }

    /** {@code cudaMemGetInfo}: two numbers of bytes; returns 0, or an error code. */
    @FunctionalInterface
    public interface MemoryInfo {
        int read(MemorySegment free, MemorySegment total);
    }

    /** How many GPUs libtorch sees; empty where it is built for processors only. */
    static OptionalInt seen() {
        Optional<MemorySegment> function = Torch.function(COUNT);
        if (function.isEmpty()) {
            return OptionalInt.empty();
        }
        MethodHandle handle = Torch.handle(function.get(), FunctionDescriptor.of(ValueLayout.JAVA_BYTE));
        return OptionalInt.of(
                MethodHandleProxies.asInterfaceInstance(Count.class, handle).get());
    }

    /**
     * The bytes of the first GPU that are in use, by this process and others. libtorch keeps what it has once taken, so this hardly
     * falls and a look now and then finds the peak. Empty where the driver does not say.
     */
    static OptionalLong memoryInUse() {
        return Torch.function("cudaMemGetInfo").map(Gpus::memoryInUse).orElse(OptionalLong.empty());
    }

    private static OptionalLong memoryInUse(MemorySegment function) {
        MethodHandle handle = Torch.handle(
                function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        MemoryInfo info = MethodHandleProxies.asInterfaceInstance(MemoryInfo.class, handle);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
            return info.read(free, total) == 0
                    ? OptionalLong.of(total.get(ValueLayout.JAVA_LONG, 0) - free.get(ValueLayout.JAVA_LONG, 0))
                    : OptionalLong.empty();
        }
    }
}
