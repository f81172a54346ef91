package dev.modelfamily.contract;

import java.util.SortedMap;

/**
 * The last file of a member: a folder without it is half written. Holds nothing of the clock or the host, so that the same
 * stage gives the same bytes however often it was interrupted; those facts are in {@code run.json} beside it.
 *
 * @param version of the contract, {@link StageOrder#VERSION}
 * @param files SHA-256 and size of every other file of the member but {@code run.json}, by relative path
 * @param versions of trainer, DJL and libtorch; and {@code device}, where it was made on a GPU
 */
public record Manifest(
        int version,
        String key,
        SortedMap<String, FileEntry> files,
        String inputDigest,
        String parentDigest,
        String parentName,
        String dataDigest,
        Cut cut,
        Recovery recovery,
        long parameters,
        SortedMap<String, Double> perplexityBefore,
        SortedMap<String, Double> perplexity,
        SortedMap<String, String> versions) {}
