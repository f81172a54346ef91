package dev.modelfamily.trainer.weights.gguf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens of a GGUF file.
 *
 * @param tokens by id
 * @param ids by token
 */
record Vocabulary(List<Token> tokens, Map<String, Integer> ids) {
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    /** One token. */
    record Token(int id, String text, int type) {
        /** Whether it is found in text before anything is split, as an added token of Hugging Face is. */
        boolean added() {
            return type == CONTROL || type == USER_DEFINED;
        }

        /** Whether it is left out when text is made from ids. */
        boolean special() {
            return type == CONTROL;
        }
    }

    static Vocabulary of(Metadata metadata) {
        List<String> texts = metadata.texts("tokenizer.ggml.tokens");
        List<Long> types = metadata.numbers("tokenizer.ggml.token_type");
        boolean typed = !types.isEmpty();
        if (texts.isEmpty() || (typed && types.size() != texts.size())) {
            throw metadata.bad("has " + texts.size() + " tokens and " + types.size() + " token types");
        }
        List<Token> tokens = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < texts.size(); id++) {
            int type = typed ? types.get(id).intValue() : NORMAL;
            tokens.add(new Token(id, texts.get(id), type));
            ids.put(texts.get(id), id);
        }
        return new Vocabulary(tokens, ids);
    }

    /** The token that a metadata key names by its id. */
    Optional<Token> named(Metadata metadata, String key) {
        Optional<Long> id = metadata.number(key);
        if (id.filter(value -> value >= tokens.size()).isPresent()) {
            throw metadata.bad("has " + key + " = " + id.get() + " but only " + tokens.size() + " tokens");
        }
        return id.map(value -> tokens.get(value.intValue()));
    }
}
