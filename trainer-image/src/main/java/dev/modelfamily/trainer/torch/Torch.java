package dev.modelfamily.trainer.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.modelfamily.contract.StageException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.util.Optional;
import java.util.OptionalLong;

/** The one PyTorch of this process. */
public final class Torch {
    private static final PtNDManager MANAGER = start();
    private static final DataPointer DATA_POINTER = dataPointer();
    private static volatile Optional<Device> device = Optional.empty();

    private Torch() {}

    private static PtNDManager start() {
        System.setProperty("ai.djl.offline", "true");
        Engine engine = Engine.getEngine("PyTorch");
        // The optimising executor profiles its first runs and then changes kernels: a resumed run would differ from an
        // undisturbed one in the last bits.
        JniUtils.setGraphExecutorOptimize(false);
        // Of handles only: which device a tensor lies on is said where a script makes it.
        NDManager manager = engine.newBaseManager(ai.djl.Device.cpu());
        return (PtNDManager) manager;
    }

    static PtNDManager manager() {
        return MANAGER;
    }

    /**
     * The device that all tensors lie on, chosen at the first call by {@link Device#VARIABLE} and by what libtorch sees.
     *
     * @throws StageException where what is asked for is not there
     */
    public static Device device() {
        return device.orElseGet(Torch::chooseDevice);
    }

    private static synchronized Device chooseDevice() {
        if (device.isEmpty()) {
            computeOn(Device.of(System.getenv(), Gpus::seen));
        }
        return device.orElseThrow();
    }

    static void computeOn(Device chosen) {
        // The processor needs no such demand, and would pay for it: libtorch then also fills memory that is not
        // initialised.
        boolean before = device.map(Device::isHostReadable).orElse(true);
        if (before != chosen.isHostReadable()) {
            Determinism.demand(!chosen.isHostReadable());
        }
        device = Optional.of(chosen);
    }

    /** The bytes in use on the GPU, where there is one and it says. */
    public static OptionalLong gpuMemoryInUse() {
        return switch (device()) {
            case GPU -> Gpus.memoryInUse();
            case PROCESSOR, STAGED_PROCESSOR -> OptionalLong.empty();
        };
    }

    /** Computes with so many threads; 0 for as many as the machine has. */
    public static void setThreads(int threads) {
        manager();
        JniUtils.setNumThreads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }

    /** The threads that one operation computes with. */
    public static int threads() {
        manager();
        return JniUtils.getNumThreads();
    }

    /** The version of the native library, such as {@code 2.7.1}. */
    public static String version() {
        manager();
        return Engine.getEngine("PyTorch").getVersion();
    }

    /** libtorch's own C function: DJL offers tensor bytes only as a {@code ByteBuffer}, which ends at 2 GiB. */
    @FunctionalInterface
    public interface DataPointer {
        /** Writes the address of the tensor's first element to {@code pointer}; returns 0, or an error code. */
        int read(long tensor, MemorySegment pointer);
    }

    private static DataPointer dataPointer() {
        MemorySegment function = function("aoti_torch_get_data_ptr")
                .orElseThrow(() -> new IllegalStateException("libtorch has no aoti_torch_get_data_ptr"));
        return MethodHandleProxies.asInterfaceInstance(
                DataPointer.class,
                handle(
                        function,
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS)));
    }

    /** A function of libtorch, or of a library that it brings. */
    static Optional<MemorySegment> function(String name) {
        manager();
        return SymbolLookup.loaderLookup().find(name);
    }

    static MethodHandle handle(MemorySegment function, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(function, descriptor);
    }

    /**
     * The memory of a contiguous CPU tensor.
     *
     * @param handle DJL's handle, an {@code at::Tensor *}
     */
    static MemorySegment memory(long handle, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ValueLayout.ADDRESS);
            int error = DATA_POINTER.read(handle, pointer);
            if (error != 0) {
                throw new IllegalStateException("aoti_torch_get_data_ptr failed with " + error);
            }
            return pointer.get(ValueLayout.ADDRESS, 0).reinterpret(bytes);
        }
    }
}
