package dev.modelfamily.e2e.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What happens to a request on its way to the API server. */
public sealed interface ApiFault {
    /** Nothing. */
    record None() implements ApiFault {}

    /** It comes late. */
    record Delay(Duration duration) implements ApiFault {}

    /**
     * The API server does not get it, and this is the answer.
     *
     * @param code of HTTP, such as 409
     * @param reason of Kubernetes, such as {@code Conflict}
     */
    record Refuse(int code, String reason) implements ApiFault {
        byte[] bytes() {
            String body = """
                    {"kind":"Status","apiVersion":"v1","status":"Failure","message":"a test says so","reason":"%s","code":%d}""".formatted(reason, code);
            String head = "HTTP/1.1 " + code + " " + reason + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n" + (code == 429 ? "Retry-After: 1\r\n" : "") + "\r\n";
            return (head + body).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Something happens first, such as the death of the client; the API server never gets the request. */
    record Before(Runnable action) implements ApiFault {}

    /** The API server does what it is asked; then something happens, and the client never gets the answer. */
    record After(Runnable action) implements ApiFault {}
}
