/** The trainer: one stage of one family, or its preparation, as a program. */
package dev.modelfamily.trainer;
