package dev.modelfamily.contract;

/**
 * How a stage learns from the parent, where that is not by the forward divergence at temperature 1 alone. With the teacher's
 * next-token distribution {@code p_T} and the member's {@code q_T}, both of logits divided by {@code T}, and the hidden states
 * {@code t_l} and {@code x_l} behind block {@code l} of {@code L}, a token's loss is
 * {@code (1 - w) T² KL(p_T || q_T) - w ln q_1(next token) + v / L Σ_l |x_l - t_l|² / |t_l|²} (Hinton et al. 2015, section 2: the
 * factor {@code T²} keeps the gradient's size where {@code T} changes; the last term after TinyBERT, Jiao et al. 2020, eq. 8, by
 * the teacher's length, since hidden states of few tokens are hundreds of times as long as the others).
 *
 * @param temperature {@code T}, above 0
 * @param crossEntropyWeight {@code w}, 0 to 1
 * @param hiddenStateWeight {@code v}, 0 or above
 */
public record Distillation(double temperature, double crossEntropyWeight, double hiddenStateWeight) {
    /** The parent's predictions as they are, and nothing else. */
    public static final Distillation USUAL = new Distillation(1, 0, 0);
}
