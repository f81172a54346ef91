/** Text out of a model: for whoever has no texts of the kind that the model was trained on. */
package dev.modelfamily.trainer.generate;
