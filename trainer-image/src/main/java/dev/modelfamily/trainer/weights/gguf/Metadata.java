package dev.modelfamily.trainer.weights.gguf;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The key-value pairs of a GGUF file.
 *
 * @param values {@code Long}, {@code Double}, {@code Boolean}, {@code String} or {@code List} of these
 */
record Metadata(Path file, Map<String, Object> values) {
    Optional<String> text(String key) {
        return find(key, String.class);
    }

    String requiredText(String key) {
        return required(key, text(key));
    }

    Optional<Boolean> flag(String key) {
        return find(key, Boolean.class);
    }

    /** A whole number, zero or above. */
    Optional<Long> number(String key) {
        Optional<Long> number = find(key, Long.class);
        if (number.filter(value -> value < 0).isPresent()) {
            throw bad("has " + key + " = " + number.get() + "; a number below zero makes no sense there");
        }
        return number;
    }

    long requiredNumber(String key) {
        return required(key, number(key));
    }

    Optional<Double> real(String key) {
        return find(key, Double.class);
    }

    double requiredReal(String key) {
        return required(key, real(key));
    }

    List<String> texts(String key) {
        return list(key, String.class);
    }

    List<Long> numbers(String key) {
        return list(key, Long.class);
    }

    List<Double> reals(String key) {
        return list(key, Double.class);
    }

    StageException bad(String what) {
        return new StageException(ExitCode.BAD_DATA, file + " " + what);
    }

    private <T> T required(String key, Optional<T> value) {
        return value.orElseThrow(() -> bad("has no " + key));
    }

    private <T> Optional<T> find(String key, Class<T> type) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(cast(key, value, type));
    }

    /** Empty where the key is absent. */
    private <T> List<T> list(String key, Class<T> type) {
        Object value = values.getOrDefault(key, List.of());
        if (!(value instanceof List<?> list)) {
            throw bad("has " + key + " = " + value + " where a list is needed");
        }
        return list.stream().map(element -> cast(key, element, type)).toList();
    }

    private <T> T cast(String key, Object value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw bad("has " + key + " of type " + value.getClass().getSimpleName() + " where " + type.getSimpleName()
                    + " is needed");
        }
        return type.cast(value);
    }
}
