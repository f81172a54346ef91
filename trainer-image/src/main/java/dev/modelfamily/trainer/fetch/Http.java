package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * One request over HTTP, through redirects. The token is shown to the endpoint alone: not to another host, port or scheme that
 * a redirect leads to.
 */
final class Http {
    private static final int MOST_REDIRECTS = 10;
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> GOOD = Set.of(200, 206);

    private final HttpClient client;
    private final URI endpoint;
    private final Optional<Token> token;
    private final Duration silence;

    /** How far redirects are followed. */
    enum Follow {
        /** To the end. */
        EVERYWHERE,
        /** As long as they stay at the endpoint, whose answer says what is behind the last one. */
        AT_HOME
    }

    /**
     * A question.
     *
     * @param received grows as the answer comes in; an answer that stops growing is given up
     */
    record Request(
            String method, URI uri, Map<String, String> headers, Follow follow, String asked, LongSupplier received) {}

    /**
     * Asks one endpoint.
     *
     * @param silence the time without a byte after which an answer is given up
     */
    Http(URI endpoint, Optional<Token> token, Duration silence) {
        this.endpoint = endpoint;
        this.token = token;
        this.silence = silence;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
    }

    /**
     * The last answer; its body where the status is 200 or 206.
     *
     * @throws Passing where the connection fails
     * @throws StageException {@link ExitCode#UNREACHABLE} where redirects lead nowhere
     */
    <T> HttpResponse<Optional<T>> ask(Request request, BodyHandler<T> handler) {
        URI uri = request.uri();
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<Optional<T>> response = send(request, uri, handler);
            Optional<String> location = response.headers().firstValue("Location");
            if (!REDIRECTS.contains(response.statusCode()) || location.isEmpty()) {
                return response;
            }
            URI next = resolve(uri, location.get());
            if (request.follow() == Follow.AT_HOME && !isHome(next)) {
                return response;
            }
            uri = next;
        }
        throw new StageException(
                ExitCode.UNREACHABLE,
                Answers.place(uri) + " redirects the request for " + request.asked() + " more than " + MOST_REDIRECTS
                        + " times; check HF_ENDPOINT");
    }

    private <T> HttpResponse<Optional<T>> send(Request request, URI uri, BodyHandler<T> handler) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(request.method(), BodyPublishers.noBody())
                .header("User-Agent", "modelfamily/0.1.0")
                .header("Accept-Encoding", "identity");
        request.headers().forEach(builder::header);
        token.filter(_ -> isHome(uri)).ifPresent(known -> builder.header("Authorization", known.authorization()));
        CompletableFuture<HttpResponse<Optional<T>>> answer = client.sendAsync(
                builder.build(),
                info -> GOOD.contains(info.statusCode())
                        ? BodySubscribers.mapping(handler.apply(info), Optional::of)
                        : BodySubscribers.replacing(Optional.empty()));
        return await(answer, request, uri);
    }

    private <T> T await(CompletableFuture<T> answer, Request request, URI uri) {
        long seen = -1;
        long quiet = 0;
        try {
            while (quiet <= silence.toMillis()) {
                Optional<T> come = within(answer, Math.min(1000, silence.toMillis()));
                if (come.isPresent()) {
                    return come.get();
                }
                long now = request.received().getAsLong();
                quiet = now == seen ? quiet + Math.min(1000, silence.toMillis()) : 0;
                seen = now;
            }
            throw passing(uri, request, "sent nothing for " + silence.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw failed(e, request, uri);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StageException(ExitCode.TRY_LATER, "interrupted while fetching " + request.asked(), e);
        } finally {
            answer.cancel(true);
        }
    }

    private static <T> Optional<T> within(CompletableFuture<T> answer, long millis)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.of(answer.get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty(); // nothing yet is no failure
        }
    }

    private static RuntimeException failed(ExecutionException failure, Request request, URI uri) {
        return switch (failure.getCause()) {
            case ConnectException e ->
                passing(
                        uri,
                        request,
                        innermost(e) instanceof UnresolvedAddressException
                                ? "cannot be reached: its name is not known here"
                                : "cannot be reached: it refuses connections, or something in between does");
            case IOException e ->
                passing(
                        uri,
                        request,
                        "broke off: "
                                + Objects.requireNonNullElseGet(
                                        e.getMessage(),
                                        () -> innermost(e).getClass().getSimpleName()));
            default ->
                new StageException(
                        ExitCode.BUG, "fetching " + request.asked() + " failed: " + failure.getCause(), failure);
        };
    }

    private static Passing passing(URI uri, Request request, String what) {
        return new Passing(
                new StageException(
                        ExitCode.UNREACHABLE,
                        Answers.place(uri) + ", asked for " + request.asked() + ", " + what
                                + "; check the network, the proxy and HF_ENDPOINT"),
                Optional.empty());
    }

    private static Throwable innermost(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    private static URI resolve(URI uri, String location) {
        try {
            return uri.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new StageException(
                    ExitCode.UNREACHABLE, Answers.place(uri) + " redirects to what is not an address", e);
        }
    }

    private boolean isHome(URI uri) {
        return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
                && endpoint.getRawAuthority().equalsIgnoreCase(uri.getRawAuthority());
    }
}
