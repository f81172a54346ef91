package dev.modelfamily.trainer.fetch;

/** A repository of the Hugging Face Hub. */
public record Repository(Kind kind, String owner, String name) {
    /** What a repository holds; models and data sets have name spaces of their own. */
    public enum Kind {
        MODEL("models", ""),
        DATASET("datasets", "datasets/");

        private final String plural;
        private final String prefix;

        Kind(String plural, String prefix) {
            this.plural = plural;
            this.prefix = prefix;
        }
    }

    /** {@code OWNER/NAME}. */
    public String id() {
        return owner + "/" + name;
    }

    /** As a user writes it. */
    public String uri() {
        return "hf://" + page();
    }

    /** The path of its page, and the start of the paths of its files, on the Hub. */
    String page() {
        return kind.prefix + id();
    }

    /** The path of its description in the Hub's API. */
    String api() {
        return "api/" + kind.plural + "/" + id();
    }

    /** The name of its folder in a cache. */
    String folder() {
        return kind.plural + "--" + owner + "--" + name;
    }
}
