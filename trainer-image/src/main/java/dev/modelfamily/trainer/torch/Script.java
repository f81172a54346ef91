package dev.modelfamily.trainer.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.ScriptCall;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * TorchScript methods, loaded from a resource of this package. A method that needs gradients finds autograd switched on; one
 * that does not says {@code torch.set_grad_enabled(False)} first and must not fail before it switches it on again.
 */
public final class Script {
    private final PtSymbolBlock module;

    private Script(PtSymbolBlock module) {
        this.module = module;
    }

    /**
     * Loads scripts as one module; methods of all of them see each other as {@code self.name}.
     *
     * @param resources names of files beside this class, such as {@code model.torchscript}
     */
    public static Script load(String... resources) {
        String methods = Stream.of(resources).map(Script::text).collect(Collectors.joining("\n"));
        return compile(methods);
    }

    /** Loads methods that are given as text: every line of a method indented by two spaces or more. */
    public static Script compile(String methods) {
        try (InputStream archive = new ByteArrayInputStream(Archive.of(methods + "\n"))) {
            return new Script(JniUtils.loadModule(Torch.manager(), archive, false, false));
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory cannot fail to be read", e);
        }
    }

    private static String text(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.stripLeading().startsWith("#"))
                    .map(line -> "  " + line)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's resource " + resource, e);
        }
    }

    /** Calls a method that returns a {@code Tensor}; closes the arguments, not the tensors in them. */
    public Tensor tensor(String method, Arguments arguments) {
        try (arguments;
                IValue result = ScriptCall.run(module, method, arguments.values())) {
            return new Tensor(result.toTensor(Torch.manager()));
        }
    }

    /** Calls a method that returns a {@code List[Tensor]}; closes the arguments, not the tensors in them. */
    public List<Tensor> tensors(String method, Arguments arguments) {
        try (arguments;
                IValue result = ScriptCall.run(module, method, arguments.values())) {
            PtNDArray[] arrays = result.toTensorArray(Torch.manager());
            return Arrays.stream(arrays).map(Tensor::new).toList();
        }
    }

    /** Calls a method for its effect; closes the arguments, not the tensors in them. */
    public void run(String method, Arguments arguments) {
        try (arguments) {
            ScriptCall.run(module, method, arguments.values()).close();
        }
    }

    /** Calls a method that returns a small fp64 {@code Tensor} and reads it. */
    public double[] numbers(String method, Arguments arguments) {
        try (Tensor result = tensor(method, arguments)) {
            return result.toDoubles();
        }
    }
}
