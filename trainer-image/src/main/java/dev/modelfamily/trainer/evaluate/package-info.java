/** How good a model is: perplexity on texts. */
package dev.modelfamily.trainer.evaluate;
