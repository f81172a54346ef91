package dev.modelfamily.trainer.model;

import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Script;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** A model on the device, in fp32: its shape, the order of its tensors, and the tensors. */
public final class LanguageModel implements AutoCloseable {
    private static final Script SCRIPT = Script.load(
            "memory.torchscript",
            "model.torchscript",
            "recover.torchscript",
            "calibrate.torchscript",
            "decompose.torchscript",
            "fit.torchscript",
            "generate.torchscript");

    /** Logits of so many bytes exist at once; bigger chunks are not faster, smaller ones are slower. */
    private static final long LOGIT_BYTES = 48L << 20;

    private final ModelShape shape;
    private final Layout layout;
    private final List<Tensor> tensors;
    private final Map<String, Integer> places = new HashMap<>();
    private Positions positions;

    private record Positions(int count, Tensor cos, Tensor sin) {}

    private LanguageModel(ModelShape shape, Layout layout, List<Tensor> tensors) {
        this.shape = shape;
        this.layout = layout;
        this.tensors = tensors;
        for (int i = 0; i < tensors.size(); i++) {
            places.put(layout.slots().get(i).name(), i);
        }
        this.positions = new Positions(0, zeros(0, shape.headDim()), zeros(0, shape.headDim()));
    }

    /**
     * A model whose tensors are filled one by one.
     *
     * @param fill writes each slot, {@code 4 * elements} bytes of fp32
     */
    public static LanguageModel create(ModelShape shape, BiConsumer<Layout.Slot, MemorySegment> fill) {
        LanguageModel model = empty(shape);
        for (int i = 0; i < model.tensors.size(); i++) {
            Layout.Slot slot = model.layout.slots().get(i);
            model.tensors.get(i).fill(memory -> fill.accept(slot, memory));
        }
        return model;
    }

    /** A model whose tensors hold nothing yet. */
    public static LanguageModel empty(ModelShape shape) {
        Layout layout = Layout.of(shape);
        List<Tensor> tensors = layout.slots().stream()
                .map(slot -> SCRIPT.tensor(
                        "empty", Arguments.of().integers(slot.shape()).device()))
                .toList();
        return new LanguageModel(shape, layout, tensors);
    }

    /** A model of tensors that exist already, in the order of the layout of {@code shape}; it closes them. */
    public static LanguageModel of(ModelShape shape, List<Tensor> tensors) {
        return new LanguageModel(shape, Layout.of(shape), List.copyOf(tensors));
    }

    /** The scripts that know this model. */
    public static Script script() {
        return SCRIPT;
    }

    public ModelShape shape() {
        return shape;
    }

    public Layout layout() {
        return layout;
    }

    /** The tensors in the order of {@link Layout#slots()}. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** The parameters, tied weights counted once. */
    public long parameters() {
        return layout.parameters();
    }

    /** The tensor of that name. */
    public Tensor tensor(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException("the model has no tensor " + name);
        }
        return tensors.get(places.get(name));
    }

    /** Whether there is a tensor of that name. */
    public boolean has(String name) {
        return places.containsKey(name);
    }

    /** How many rows of logits exist at once. */
    public int chunk() {
        return Math.clamp(LOGIT_BYTES / (4L * shape.vocabulary()), 16, 4096);
    }

    /** Logits {@code [batch, seq, vocabulary]} of token ids, row by row. */
    public float[] logits(int[][] ids) {
        try (Tensor input = ids(ids);
                Tensor logits = SCRIPT.tensor("logits", model(Arguments.of().tensor(input), ids[0].length))) {
            return logits.toFloats();
        }
    }

    /**
     * The sum of the negative log-likelihoods, in nats, of {@code targets} given {@code inputs}, both {@code [batch, seq]}.
     */
    public double loss(Tensor inputs, Tensor targets) {
        Arguments arguments = model(Arguments.of().tensor(inputs).tensor(targets), Math.toIntExact(inputs.shape()[1]));
        return SCRIPT.numbers("loss", arguments.integer(chunk()))[0];
    }

    private Arguments model(Arguments first, int length) {
        Positions tables = positions(length);
        return first.tensors(tensors)
                .integers(layout.spec())
                .integer(layout.layers())
                .integers(layout.dims())
                .number(shape.normEps())
                .tensor(tables.cos())
                .tensor(tables.sin());
    }

    /** What every script takes of a model that computes one block of {@code x [batch, seq, hidden]}, after {@code first}. */
    public Arguments block(Arguments first, int layer, Layout of, Tensor x) {
        int length = Math.toIntExact(x.shape()[1]);
        return first.tensors(tensors)
                .integers(of.spec())
                .integer(layer)
                .integers(of.dims())
                .number(shape.normEps())
                .tensor(cos(length))
                .tensor(sin(length));
    }

    /** The hidden states {@code [batch, seq, hidden]} before the first block, of token ids {@code [batch, seq]}. */
    public Tensor embedded(Tensor ids) {
        return SCRIPT.tensor("embed", Arguments.of().tensor(ids).tensors(tensors));
    }

    /** The hidden states behind a block, of those before it, which stay open. */
    public Tensor behind(int layer, Tensor x) {
        Arguments arguments = block(Arguments.of().tensor(x), layer, layout, x);
        return SCRIPT.tensor("forward_moments", arguments.tensors(List.of()).integers());
    }

    /** Cosines {@code [positions, headDim]} for at least so many positions. */
    public Tensor cos(int length) {
        return positions(length).cos();
    }

    /** Sines {@code [positions, headDim]} for at least so many positions. */
    public Tensor sin(int length) {
        return positions(length).sin();
    }

    private Positions positions(int length) {
        if (positions.count() < length) {
            positions.cos().close();
            positions.sin().close();
            Tensor cos = zeros(length, shape.headDim());
            Tensor sin = zeros(length, shape.headDim());
            int count = length;
            cos.fill(cosines -> sin.fill(sines -> Rope.of(shape).fill(count, cosines, sines)));
            positions = new Positions(length, cos, sin);
        }
        return positions;
    }

    /** Token ids {@code [batch, seq]}, int64. */
    public static Tensor ids(int[][] rows) {
        Tensor tensor = ids(rows.length, rows[0].length);
        tensor.fill(memory -> {
            long at = 0;
            for (int[] row : rows) {
                for (int id : row) {
                    memory.setAtIndex(ValueLayout.JAVA_LONG, at++, id);
                }
            }
        });
        return tensor;
    }

    /** Room for token ids {@code [rows, length]}, int64. */
    public static Tensor ids(int rows, int length) {
        return SCRIPT.tensor("empty_ids", Arguments.of().integers(rows, length).device());
    }

    /** Zeros of the shape, fp32. */
    public static Tensor zeros(List<Long> shape) {
        return SCRIPT.tensor("zeros", Arguments.of().integers(shape).device());
    }

    /** Zeros of the shape, fp32. */
    public static Tensor zeros(long... dimensions) {
        return SCRIPT.tensor("zeros", Arguments.of().integers(dimensions).device());
    }

    /** Zeros of the shape, fp64. */
    public static Tensor doubleZeros(long... dimensions) {
        return SCRIPT.tensor("zeros_double", Arguments.of().integers(dimensions).device());
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
        positions.cos().close();
        positions.sin().close();
    }
}
