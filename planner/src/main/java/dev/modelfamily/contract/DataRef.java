package dev.modelfamily.contract;

/**
 * A tokenised data set that was prepared.
 *
 * @param name the name of the set, such as that of an evaluation set
 * @param path the folder with the token file and its {@code manifest.json}
 * @param digest the content digest {@code sha256:<64 hex digits>}
 * @param maxWindows how many windows an evaluation reads at most; 0 for all
 */
public record DataRef(String name, String path, String digest, int maxWindows) {}
