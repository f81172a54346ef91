package dev.modelfamily.contract;

/**
 * Where a stage writes.
 *
 * @param output the folder of this attempt; it becomes the member, with {@code manifest.json} written last
 * @param checkpoints the folder of the stage's checkpoints, shared by its attempts
 */
public record Places(String output, String checkpoints) {}
