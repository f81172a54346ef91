package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What the Hub's refusals mean. Messages never hold the query of an address, which may be a signature. */
final class Answers {
    private static final String CREDENTIALS =
            "give a token that opens it: credentials in the family, or HF_TOKEN on one machine";

    private final URI endpoint;
    private final Repository repository;
    private final boolean withToken;
    private final InstantSource clock;

    Answers(URI endpoint, Repository repository, boolean withToken, InstantSource clock) {
        this.endpoint = endpoint;
        this.repository = repository;
        this.withToken = withToken;
        this.clock = clock;
    }

    /**
     * The failure that a status stands for; {@link Passing} where it may be over soon.
     *
     * @param asked what was asked for, such as {@code config.json}
     */
    RuntimeException failure(int status, HttpHeaders headers, URI from, String asked) {
        String error = headers.firstValue("X-Error-Code").orElse("");
        return switch (status) {
            case 401, 403 -> denied(status, error, from);
            case 404, 410 -> new StageException(ExitCode.NOT_FOUND, missing(error, asked));
            case 408, 429, 500, 502, 503, 504 -> passing(status, headers, from, asked);
            case 451 ->
                new StageException(
                        ExitCode.DENIED, repository.uri() + " may not be served for legal reasons; use another one");
            default ->
                new StageException(
                        ExitCode.UNREACHABLE,
                        place(from) + " answered " + status + " to the request for " + asked + " of " + repository.uri()
                                + message(headers) + "; check HF_ENDPOINT and the proxy");
        };
    }

    private StageException denied(int status, String error, URI from) {
        String page = endpoint.resolve(repository.page()).toString();
        if (error.equals("GatedRepo")) {
            return new StageException(
                    ExitCode.DENIED,
                    repository.uri() + " is gated: accept its terms at " + page + " and "
                            + (withToken ? "wait until access is granted to the account of the token" : CREDENTIALS));
        }
        if (!from.getHost().equals(endpoint.getHost())) {
            return new StageException(
                    ExitCode.DENIED,
                    place(from) + ", to which the Hub sends for the files of " + repository.uri() + ", answered "
                            + status + "; try again, and check what stands between this machine and that host");
        }
        String why = withToken
                ? "the token that was given does not open it; check the name and the token's permissions"
                : "it is private or does not exist; check the name, or " + CREDENTIALS;
        return new StageException(
                ExitCode.DENIED, place(from) + " denies " + repository.uri() + " (" + status + "): " + why);
    }

    private String missing(String error, String asked) {
        if (error.equals("RepoNotFound")) {
            return repository.uri() + " does not exist at " + endpoint + "; check the name, or " + CREDENTIALS
                    + " where it is private";
        }
        return repository.uri() + " has no " + asked;
    }

    private Passing passing(int status, HttpHeaders headers, URI from, String asked) {
        return new Passing(
                new StageException(
                        ExitCode.TRY_LATER,
                        place(from) + " answered " + status + " to the request for " + asked + " of " + repository.uri()
                                + message(headers)),
                headers.firstValue("Retry-After").flatMap(this::wait));
    }

    /** Seconds or a date. */
    private Optional<Duration> wait(String retryAfter) {
        try {
            if (retryAfter.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
            }
            Instant until = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(clock.instant(), until);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeException e) {
            return Optional.empty(); // not understood: wait as long as for an answer without it
        }
    }

    private static String message(HttpHeaders headers) {
        return headers.firstValue("X-Error-Message")
                .map(text -> " (" + text.substring(0, Math.min(200, text.length())) + ")")
                .orElse("");
    }

    /** An address without its path and query. */
    static String place(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
