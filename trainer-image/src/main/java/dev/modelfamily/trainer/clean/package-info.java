/** Files of a family that nobody needs any more are removed. */
package dev.modelfamily.trainer.clean;
