package dev.modelfamily.contract;

/**
 * A model that was prepared.
 *
 * @param path a Hugging Face folder or a GGUF file
 * @param digest the content digest {@code sha256:<64 hex digits>} that the reader verifies
 */
public record ModelRef(String path, String digest) {}
