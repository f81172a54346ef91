/** Weight files: safetensors and GGUF in, safetensors out. */
package dev.modelfamily.trainer.weights;
