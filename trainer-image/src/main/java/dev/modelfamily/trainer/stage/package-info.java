/** One stage of a family: the input member in, the next smaller member out. */
package dev.modelfamily.trainer.stage;
