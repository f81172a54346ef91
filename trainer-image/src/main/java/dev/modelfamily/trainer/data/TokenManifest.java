package dev.modelfamily.trainer.data;

/**
 * The {@code manifest.json} of a token set, its last file: a folder without it is half written.
 *
 * @param version of the format, {@value #VERSION}
 * @param digest {@code sha256:<64 hex digits>} of the bytes of {@code tokens.bin} followed by those of {@code documents.bin}
 * @param tokens in {@code tokens.bin}, separators included
 * @param documents in the set: so many offsets are in {@code documents.bin}
 * @param badLines lines of the sources that were broken or empty and are not in the set
 * @param tokenizer the digest of the {@code tokenizer.json} that made the ids
 * @param vocabulary ids are in {@code [0, vocabulary)}; up to 65,536 an id takes two bytes, above it four
 * @param endOfText the id between two documents
 * @param source what the set was made from and how, so that the same request finds it again
 * @param revision the commit or digest that the source was resolved to
 */
public record TokenManifest(
        int version,
        String digest,
        long tokens,
        long documents,
        long badLines,
        String tokenizer,
        int vocabulary,
        int endOfText,
        String source,
        String revision) {
    /** The version of the format that this program reads and writes. */
    public static final int VERSION = 1;

    static final String MANIFEST = "manifest.json";
    static final String TOKENS = "tokens.bin";
    static final String DOCUMENTS = "documents.bin";

    /** The bytes of one token id. */
    int idBytes() {
        return idBytes(vocabulary);
    }

    static int idBytes(int vocabulary) {
        return vocabulary <= 1 << 16 ? Short.BYTES : Integer.BYTES;
    }
}
