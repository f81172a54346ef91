/** One self-contained HTML page about a family: what was made, how good it is, how it came about, how to make it again. */
package dev.modelfamily.cli.report;
