package dev.modelfamily.trainer.model;

import dev.modelfamily.planner.ModelShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The order of a model's tensors in the one list that the scripts take, and the indices by which they find them. Pure.
 *
 * @param slots all tensors: embedding, final norm, head unless tied, then layer by layer
 * @param spec 25 indices into {@code slots} a layer, as {@code model.torchscript} describes them
 * @param starts where each layer's slots begin, and the end: {@code layers + 1} entries
 * @param dims heads, key-value heads, head dimension, sliding window, index of the head, dtype of the linears, what is
 *     tapped of them
 */
public record Layout(List<Slot> slots, List<Long> spec, List<Long> starts, List<Long> dims) {
    /** The linears of a block in the order of {@code spec}. */
    public static final List<String> LINEARS = List.of(
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj");

    private static final long ABSENT = -1;
    private static final long FLOAT32 = 6;
    private static final long BFLOAT16 = 15;
    private static final long NO_TAPS = 0;

    /**
     * One tensor of the model.
     *
     * @param name in the Hugging Face checkpoint
     * @param shape row-major, {@code [out, in]} for a matrix
     */
    public record Slot(String name, List<Long> shape) {
        /** The product of the shape. */
        public long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        /** Whether weight decay applies: to matrices, not to norms and biases. */
        public boolean decayed() {
            return shape.size() > 1;
        }
    }

    /** The layout of a model of this shape, with linears in fp32. */
    public static Layout of(ModelShape shape) {
        return new Builder(shape).build();
    }

    /** The same with linears computed in bf16 on fp32 weights. */
    public Layout inBFloat16() {
        List<Long> changed = new ArrayList<>(dims);
        changed.set(5, BFLOAT16);
        return new Layout(slots, spec, starts, List.copyOf(changed));
    }

    /** What a script that measures a model takes out of each linear. */
    public enum Tap {
        /** What it carries at its narrowest place. */
        NARROWEST,
        /** What comes in. */
        INPUT
    }

    /** The same with values taken out of the linears. */
    public Layout tapping(Tap tap) {
        List<Long> changed = new ArrayList<>(dims);
        changed.set(
                6,
                switch (tap) {
                    case NARROWEST -> 1L;
                    case INPUT -> 2L;
                });
        return new Layout(slots, spec, starts, List.copyOf(changed));
    }

    /** The number of blocks. */
    public int layers() {
        return starts.size() - 1;
    }

    /** The parameters of the whole model, tied weights counted once. */
    public long parameters() {
        return slots.stream().mapToLong(Slot::elements).sum();
    }

    private static final class Builder {
        private final ModelShape shape;
        private final List<Slot> slots = new ArrayList<>();
        private final List<Long> spec = new ArrayList<>();

        Builder(ModelShape shape) {
            this.shape = shape;
        }

        Layout build() {
            add("model.embed_tokens.weight", shape.vocabulary(), shape.hidden());
            add("model.norm.weight", shape.hidden());
            long head = shape.tied() ? 0 : add("lm_head.weight", shape.vocabulary(), shape.hidden());
            List<Long> starts = new ArrayList<>();
            for (int layer = 0; layer < shape.layers(); layer++) {
                starts.add((long) slots.size());
                layer("model.layers." + layer + ".");
            }
            starts.add((long) slots.size());
            List<Long> dims = LongStream.of(
                            shape.heads(),
                            shape.kvHeads(),
                            shape.headDim(),
                            shape.slidingWindow(),
                            head,
                            FLOAT32,
                            NO_TAPS)
                    .boxed()
                    .toList();
            return new Layout(List.copyOf(slots), List.copyOf(spec), List.copyOf(starts), dims);
        }

        private void layer(String prefix) {
            long queries = (long) shape.heads() * shape.headDim();
            long keys = (long) shape.kvHeads() * shape.headDim();
            long hidden = shape.hidden();
            long inner = shape.intermediate();
            linear(prefix + LINEARS.get(0), queries, hidden, shape.qkvBias());
            linear(prefix + LINEARS.get(1), keys, hidden, shape.qkvBias());
            linear(prefix + LINEARS.get(2), keys, hidden, shape.qkvBias());
            linear(prefix + LINEARS.get(3), hidden, queries, shape.outputBias());
            linear(prefix + LINEARS.get(4), inner, hidden, shape.mlpBias());
            linear(prefix + LINEARS.get(5), inner, hidden, shape.mlpBias());
            linear(prefix + LINEARS.get(6), hidden, inner, shape.mlpBias());
            spec.add(add(prefix + "input_layernorm.weight", hidden));
            spec.add(add(prefix + "post_attention_layernorm.weight", hidden));
            spec.add(shape.qkNorm() ? add(prefix + "self_attn.q_norm.weight", shape.headDim()) : ABSENT);
            spec.add(shape.qkNorm() ? add(prefix + "self_attn.k_norm.weight", shape.headDim()) : ABSENT);
        }

        private void linear(String name, long out, long in, boolean bias) {
            Integer rank = shape.ranks().get(name);
            if (rank == null) {
                spec.add(add(name + ".weight", out, in));
                spec.add(ABSENT);
                spec.add(bias ? add(name + ".bias", out) : ABSENT);
            } else {
                spec.add(add(name + ".v.weight", rank, in));
                spec.add(add(name + ".u.weight", out, rank));
                spec.add(bias ? add(name + ".u.bias", out) : ABSENT);
            }
        }

        private long add(String name, long... dimensions) {
            slots.add(new Slot(name, LongStream.of(dimensions).boxed().toList()));
            return slots.size() - 1L;
        }
    }
}
