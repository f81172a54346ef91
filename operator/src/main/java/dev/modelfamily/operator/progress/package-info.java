/** The endpoint at which pods tell how far they are. Whatever fails here never fails a stage. */
package dev.modelfamily.operator.progress;
