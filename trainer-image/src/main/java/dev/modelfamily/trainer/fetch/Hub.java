package dev.modelfamily.trainer.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The protocol of the Hugging Face Hub for one repository.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">the API</a>
 */
final class Hub {
    private static final int NAMED = 12;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final URI endpoint;
    private final Repository repository;
    private final Http http;
    private final Patience patience;
    private final Answers answers;

    Hub(URI endpoint, Repository repository, Http http, boolean withToken, Patience patience) {
        this.endpoint = endpoint;
        this.repository = repository;
        this.http = http;
        this.patience = patience;
        this.answers = new Answers(endpoint, repository, withToken, InstantSource.system());
    }

    /**
     * The commit that a revision stands for, and its files.
     *
     * @throws StageException {@link ExitCode#DENIED}, {@link ExitCode#NOT_FOUND} with the revisions that there are,
     *     {@link ExitCode#TRY_LATER}, {@link ExitCode#UNREACHABLE}
     */
    Listing listing(String revision) {
        String escaped = URLEncoder.encode(revision, StandardCharsets.UTF_8).replace("+", "%20");
        URI uri = endpoint.resolve(repository.api() + "/revision/" + escaped + "?blobs=true");
        try {
            return Listing.of(json(uri, "revision '" + revision + "'"), Answers.place(uri));
        } catch (StageException e) {
            if (e.exitCode() == ExitCode.NOT_FOUND && e.getMessage().contains("has no revision")) {
                throw new StageException(ExitCode.NOT_FOUND, e.getMessage() + "; " + revisions(), e);
            }
            throw e;
        }
    }

    private String revisions() {
        JsonNode refs = json(endpoint.resolve(repository.api() + "/refs"), "list of revisions");
        List<String> names = new ArrayList<>();
        for (String kind : List.of("branches", "tags", "converts")) {
            refs.path(kind).forEach(ref -> names.add(ref.path("name").asText()));
        }
        List<String> few = names.subList(0, Math.min(NAMED, names.size()));
        return "it has " + String.join(", ", few)
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }

    private JsonNode json(URI uri, String asked) {
        return patience.with(() -> {
            byte[] body = get(uri, Map.of(), asked, BodyHandlers.ofByteArray(), () -> 0);
            try {
                return Json.mapper().readTree(body);
            } catch (JsonProcessingException e) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        Answers.place(uri)
                                + " did not answer as the Hugging Face Hub does: not JSON; check HF_ENDPOINT",
                        e);
            } catch (IOException e) {
                throw new StageException(ExitCode.BUG, "cannot read from memory", e);
            }
        });
    }

    /** What the Hub says of a file that its listing said too little of. */
    RemoteFile describe(String commit, RemoteFile file) {
        return patience.with(() -> {
            Http.Request head = new Http.Request(
                    "HEAD", uri(commit, file.path()), Map.of(), Http.Follow.AT_HOME, file.path(), () -> 0);
            HttpResponse<?> answer = http.ask(head, BodyHandlers.replacing(true));
            if (answer.statusCode() >= 400) {
                throw answers.failure(answer.statusCode(), answer.headers(), answer.uri(), file.path());
            }
            HttpHeaders headers = answer.headers();
            OptionalLong linked = headers.firstValueAsLong("X-Linked-Size");
            long length = answer.statusCode() == 200
                    ? headers.firstValueAsLong("Content-Length").orElse(RemoteFile.UNKNOWN)
                    : RemoteFile.UNKNOWN;
            Checksum checksum = headers.firstValue("X-Linked-Etag")
                    .or(() -> headers.firstValue("ETag"))
                    .map(Checksum::ofTag)
                    .orElse(Checksum.NONE);
            return new RemoteFile(file.path(), linked.orElse(length), checksum);
        });
    }

    /**
     * The first bytes of a file.
     *
     * @param count bytes, at most as many as the file has
     * @return empty where the server sends whole files only
     */
    Optional<byte[]> start(String commit, String path, long count) {
        return patience.with(() -> get(
                uri(commit, path),
                Map.of("Range", "bytes=0-" + (count - 1)),
                path,
                info -> info.statusCode() == 206
                        ? BodySubscribers.mapping(
                                BodySubscribers.limiting(BodySubscribers.ofByteArray(), count), Optional::of)
                        : new Unread<>(Optional.<byte[]>empty()),
                () -> 0));
    }

    /**
     * Gets a file, once: the caller is patient.
     *
     * @param handler says whether it took the answer
     * @param received grows as the file comes in
     * @return what the handler says; false also where the server has no such range
     * @throws Passing where it may work soon
     */
    boolean file(
            String commit,
            String path,
            Map<String, String> headers,
            BodyHandler<Boolean> handler,
            LongSupplier received) {
        HttpResponse<Optional<Boolean>> answer = http.ask(
                new Http.Request("GET", uri(commit, path), headers, Http.Follow.EVERYWHERE, path, received), handler);
        return answer.statusCode() != RANGE_NOT_SATISFIABLE && taken(answer, path);
    }

    private <T> T get(
            URI uri, Map<String, String> headers, String asked, BodyHandler<T> handler, LongSupplier received) {
        HttpResponse<Optional<T>> answer =
                http.ask(new Http.Request("GET", uri, headers, Http.Follow.EVERYWHERE, asked, received), handler);
        return taken(answer, asked);
    }

    private <T> T taken(HttpResponse<Optional<T>> answer, String asked) {
        return answer.body()
                .orElseThrow(() -> answers.failure(answer.statusCode(), answer.headers(), answer.uri(), asked));
    }

    private URI uri(String commit, String path) {
        try {
            String escaped = new URI(null, null, "/" + path, null).toASCIIString();
            return endpoint.resolve(repository.page() + "/resolve/" + commit + escaped);
        } catch (URISyntaxException e) {
            throw new StageException(ExitCode.BAD_DATA, repository.uri() + " has a file with the name " + path, e);
        }
    }
}
