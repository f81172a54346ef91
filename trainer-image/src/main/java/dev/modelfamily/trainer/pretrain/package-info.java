/** Training a small model from scratch: how the parent of the quickstart was made. */
package dev.modelfamily.trainer.pretrain;
