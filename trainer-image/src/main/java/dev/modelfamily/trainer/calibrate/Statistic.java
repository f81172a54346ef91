package dev.modelfamily.trainer.calibrate;

/** What is measured of each linear. */
public enum Statistic {
    /** The mean absolute value of each input feature. */
    INPUT_SIZES,
    /** The second moment of what a linear carries at its narrowest place. */
    VALUES,
    /** That, and the second moment of the loss's gradients by it, with labels sampled from the model itself. */
    VALUES_AND_GRADIENTS
}
