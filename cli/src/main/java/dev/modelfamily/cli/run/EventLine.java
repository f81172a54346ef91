package dev.modelfamily.cli.run;

import dev.modelfamily.lifecycle.Action;
import java.util.Locale;
import java.util.regex.Pattern;

/** An event as a line, such as {@code large: stage finished: 3f5a09c1d2e4}. */
final class EventLine {
    private static final Pattern INNER_CAPITAL = Pattern.compile("(?<=[a-z])(?=[A-Z])");
    private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{12})[0-9a-f]{52}");

    private EventLine() {}

    static String of(Action.EmitEvent event) {
        String about = event.member().isEmpty() ? "" : event.member() + ": ";
        String what = INNER_CAPITAL.matcher(event.reason()).replaceAll(" ").toLowerCase(Locale.ROOT);
        String message = DIGEST.matcher(event.message()).replaceAll("$1");
        String line = about + what + (message.isEmpty() ? "" : ": " + message);
        return switch (event.severity()) {
            case Normal -> line;
            case Warning -> "warning: " + line;
        };
    }
}
