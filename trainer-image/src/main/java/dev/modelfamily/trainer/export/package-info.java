/** Members as folders that other tools load: factored with the code that computes it, or multiplied out. */
package dev.modelfamily.trainer.export;
