/** The trainer as a program: where it is and how it is started. */
package dev.modelfamily.cli.process;
