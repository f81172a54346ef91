package dev.modelfamily.lifecycle;

/**
 * Why a family cannot go on as it is written.
 *
 * @param reason one word
 * @param sentence what is wrong, where, and what to do
 */
record Problem(String reason, String sentence) {}
