/** The cut of a stage: weight matrices into factors of lower rank. */
package dev.modelfamily.trainer.decompose;
