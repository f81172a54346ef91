package dev.modelfamily.trainer.calibrate;

import dev.modelfamily.trainer.torch.Tensor;
import java.util.Optional;

/**
 * What was measured of one linear, summed over the tokens. With {@code h [k]} what it carries at its narrowest place: between its
 * factors, or of a dense one its input or output, whichever has fewer features, its input where they are equal.
 *
 * @param inner the sum of {@code h h^T}, fp64 {@code [k, k]}; for {@link Statistic#INPUT_SIZES} that of {@code |x|}, fp64
 *     {@code [in]}; linears that read the same {@code h} share one tensor
 * @param outer the sum of {@code g g^T}, fp64 {@code [k, k]}, of the gradients {@code g} by {@code h}; empty where not measured
 */
public record Moments(String linear, Tensor inner, Optional<Tensor> outer) {}
