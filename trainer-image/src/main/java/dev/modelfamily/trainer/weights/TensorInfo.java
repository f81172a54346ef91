package dev.modelfamily.trainer.weights;

import java.util.List;

/**
 * What the header of a weight file says of one tensor.
 *
 * @param name in the Hugging Face naming, such as {@code model.layers.0.self_attn.q_proj.weight}
 * @param type as stored, such as {@code F32}, {@code BF16} or {@code Q4_K}
 * @param shape row-major, as PyTorch has it: {@code [out, in]} for a linear
 */
public record TensorInfo(String name, String type, List<Long> shape) {
    /** The product of the shape. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
