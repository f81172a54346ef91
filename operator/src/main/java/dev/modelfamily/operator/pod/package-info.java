/** The Jobs that do the work of a family, built from what was decided and what the user wants of pods. Pure. */
package dev.modelfamily.operator.pod;
