package dev.modelfamily.trainer.corpus;

/**
 * A piece of a document.
 *
 * @param text of at least one character
 * @param endsDocument whether what follows belongs to another document
 */
public record Passage(String text, boolean endsDocument) {}
