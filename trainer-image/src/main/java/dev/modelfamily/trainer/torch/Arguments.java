package dev.modelfamily.trainer.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one call, in the order of the method's parameters. */
public final class Arguments implements AutoCloseable {
    private final List<IValue> values = new ArrayList<>();

    private Arguments() {}

    /** No argument yet. */
    public static Arguments of() {
        return new Arguments();
    }

    /** A {@code Tensor}. */
    public Arguments tensor(Tensor value) {
        return add(IValue.from(value.array()));
    }

    /** A {@code List[Tensor]}. */
    public Arguments tensors(List<Tensor> value) {
        return add(IValue.listFrom(value.stream().map(Tensor::array).toArray(PtNDArray[]::new)));
    }

    /** An {@code int}. */
    public Arguments integer(long value) {
        return add(IValue.from(value));
    }

    /** A {@code float}. */
    public Arguments number(double value) {
        return add(IValue.from(value));
    }

    /** A {@code bool}. */
    public Arguments flag(boolean value) {
        return add(IValue.from(value));
    }

    /** A {@code str}: the device that tensors lie on, for scripts that make one out of nothing. */
    public Arguments device() {
        return add(IValue.from(Torch.device().torchName()));
    }

    /** A {@code List[int]}. */
    public Arguments integers(long... value) {
        return add(IValue.listFrom(value));
    }

    /** A {@code List[int]}. */
    public Arguments integers(List<Long> value) {
        return integers(value.stream().mapToLong(Long::longValue).toArray());
    }

    /** A {@code List[float]}. */
    public Arguments numbers(double... value) {
        return add(IValue.listFrom(value));
    }

    IValue[] values() {
        return values.toArray(IValue[]::new);
    }

    private Arguments add(IValue value) {
        values.add(value);
        return this;
    }

    @Override
    public void close() {
        values.forEach(IValue::close);
    }
}
