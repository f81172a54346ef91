package dev.modelfamily.contract;

/** One file of a member: its SHA-256 in hex and its size in bytes. */
public record FileEntry(String sha256, long bytes) {}
