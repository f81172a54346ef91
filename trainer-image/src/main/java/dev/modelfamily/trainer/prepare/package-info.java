/** The work before the first stage: the parent fetched, verified and digested, each data set tokenised once. */
package dev.modelfamily.trainer.prepare;
