/** GGUF, the model files of llama.cpp: read as if they were a Hugging Face folder. */
package dev.modelfamily.trainer.weights.gguf;
