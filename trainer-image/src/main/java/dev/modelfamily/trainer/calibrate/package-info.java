/** What passes through the linears of a model on calibration texts: statistics by which a cut knows what matters. */
package dev.modelfamily.trainer.calibrate;
