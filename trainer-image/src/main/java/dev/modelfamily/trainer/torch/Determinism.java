package dev.modelfamily.trainer.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;

/**
 * libtorch's switch for algorithms that give the same bits at every run: {@code torch.use_deterministic_algorithms}, which
 * TorchScript lacks. On the processor all that the scripts use is so anyway; on a GPU sums into the embedding's gradient and
 * those of attention would otherwise be added up in the order of chance, and a resumed run would differ from an undisturbed one.
 */
final class Determinism {
    private static final String CONTEXT = "_ZN2at13globalContextEv";
    private static final String SET = "_ZN2at7Context26setDeterministicAlgorithmsEbb";

    private Determinism() {}

    /** {@code at::Context &at::globalContext()}. */
    @FunctionalInterface
    public interface Context {
        MemorySegment get();
    }

    /** {@code void at::Context::setDeterministicAlgorithms(bool on, bool warnOnly)}. */
    @FunctionalInterface
    public interface Switch {
        void set(MemorySegment context, boolean on, boolean warnOnly);
    }

    /** From now on; an operation that has no such algorithm warns, once, and goes on. */
    static void demand(boolean on) {
        Context context = MethodHandleProxies.asInterfaceInstance(
                Context.class, Torch.handle(found(CONTEXT), FunctionDescriptor.of(ValueLayout.ADDRESS)));
        Switch change = MethodHandleProxies.asInterfaceInstance(
                Switch.class,
                Torch.handle(
                        found(SET),
                        FunctionDescriptor.ofVoid(
                                ValueLayout.ADDRESS, ValueLayout.JAVA_BOOLEAN, ValueLayout.JAVA_BOOLEAN)));
        change.set(context.get(), on, true);
    }

    private static MemorySegment found(String name) {
        return Torch.function(name).orElseThrow(() -> new IllegalStateException("libtorch has no " + name));
    }
}
