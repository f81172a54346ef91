/** A Llama-type decoder, dense or factored: where its tensors are and how it is loaded, run and measured. */
package dev.modelfamily.trainer.model;
