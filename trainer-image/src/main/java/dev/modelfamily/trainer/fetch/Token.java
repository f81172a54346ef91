package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.weights.MappedFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A secret that opens repositories. It never prints itself. */
final class Token {
    private final String secret;

    private Token(String secret) {
        this.secret = secret;
    }

    /** Where a token comes from. */
    sealed interface Origin {
        /** The token; empty where there is none and none is needed. */
        Optional<Token> token();
    }

    /** It is here. */
    record Given(Token value) implements Origin {
        @Override
        public Optional<Token> token() {
            return Optional.of(value);
        }
    }

    /** It is in a file that must be there. */
    record Required(Path file) implements Origin {
        @Override
        public Optional<Token> token() {
            return Optional.of(read(file));
        }
    }

    /** It is in a file that need not be there. */
    record Possible(Path file) implements Origin {
        @Override
        public Optional<Token> token() {
            return Files.isReadable(file) ? Optional.of(read(file)) : Optional.empty();
        }
    }

    /**
     * A token without the white space around it.
     *
     * @param place what to call its place in an error
     * @throws StageException {@link ExitCode#BAD_ORDER} where it is empty or cannot be sent; the message does not hold it
     */
    static Token of(String text, String place) {
        String secret = text.strip();
        if (secret.isEmpty() || !secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    place + (secret.isEmpty() ? " is empty" : " holds more than one word or letters beyond ASCII")
                            + "; put a token of the Hugging Face Hub there (hf_...)");
        }
        return new Token(secret);
    }

    private static Token read(Path file) {
        return of(new String(MappedFile.bytes(file), StandardCharsets.UTF_8), "the token file " + file);
    }

    /** The value of the header {@code Authorization}. */
    String authorization() {
        return "Bearer " + secret;
    }

    @Override
    public String toString() {
        return "a token of " + secret.length() + " characters";
    }
}
