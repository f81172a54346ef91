/** Recovery: training a member after its cut, with checkpoints from which it resumes to the last bit. */
package dev.modelfamily.trainer.recover;
