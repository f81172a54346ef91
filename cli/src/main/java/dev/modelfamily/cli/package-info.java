/** The command line tool: a family on one machine, without a cluster. The trainer is another process, never a library. */
package dev.modelfamily.cli;
