package dev.modelfamily.api.v1alpha1;

import java.util.List;
import java.util.Map;

/** What a record holds where the user wrote nothing, so that no reader of a spec meets a null. */
final class Defaults {
    private Defaults() {}

    static <T> T or(T value, T fallback) {
        return value != null ? value : fallback;
    }

    static String text(String value) {
        return or(value, "");
    }

    static <T> List<T> list(List<T> value) {
        return value != null ? List.copyOf(value) : List.of();
    }

    static <V> Map<String, V> map(Map<String, V> value) {
        return or(value, Map.of());
    }
}
