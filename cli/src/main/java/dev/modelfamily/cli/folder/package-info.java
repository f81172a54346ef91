/** The folder of a local run: where its files lie, the family as it stands, and who works on it. */
package dev.modelfamily.cli.folder;
