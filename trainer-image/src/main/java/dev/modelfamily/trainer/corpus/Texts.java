package dev.modelfamily.trainer.corpus;

/** What makes a text unfit to be a document. */
final class Texts {
    private Texts() {}

    /** Why the text cannot be used; empty where it can. */
    static String problem(String text) {
        if (text.isBlank()) {
            return "the text is blank";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return "the text holds half of a surrogate pair at character " + i;
            }
        }
        return "";
    }
}
