/** Text to token ids with the model's own {@code tokenizer.json}, and a trainer of new byte-level BPE tokenizers. */
package dev.modelfamily.trainer.tokenize;
