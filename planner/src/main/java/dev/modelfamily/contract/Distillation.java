package dev.modelfamily.contract;

/**
 * How a stage learns from the parent, where that is not by the forward divergence at temperature 1 alone. With the teacher's
 * next-token distribution {@code p_T} and the member's {@code q_T}, both of logits divided by {@code T}, a token's loss is
 * {@code (1 - w) T² KL(p_T || q_T) - w ln q_1(next token)} (Hinton et al. 2015, section 2: the factor {@code T²} keeps the
 * gradient's size where {@code T} changes).
 *
 * @param temperature {@code T}, above 0
 * @param crossEntropyWeight {@code w}, 0 to 1
 */
public record Distillation(double temperature, double crossEntropyWeight) {
    /** The parent's predictions as they are, and nothing else. */
    public static final Distillation USUAL = new Distillation(1, 0);
}
