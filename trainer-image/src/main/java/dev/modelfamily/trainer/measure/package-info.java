/** Measures the trainer's own speed and memory, for benchmarks beside other programs. */
package dev.modelfamily.trainer.measure;
