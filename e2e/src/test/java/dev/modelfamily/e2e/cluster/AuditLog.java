package dev.modelfamily.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every request that the API server answered, in the order of the answers. */
public final class AuditLog {
    /** One line a request, when it is done; the endless reads of the control plane itself are left out. */
    static final String POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived, ResponseStarted]
            rules:
              - level: None
                userGroups: [system:serviceaccounts:kube-system]
                verbs: [get, list, watch]
              - level: None
                users: [system:kube-controller-manager, system:kube-scheduler, system:apiserver]
                verbs: [get, list, watch]
              - level: Metadata
            """;

    private static final Set<String> MUTATING = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    AuditLog(Path file) {
        this.file = file;
    }

    /**
     * One request.
     *
     * @param verb of Kubernetes, such as {@code patch}
     * @param group of the API, empty for the core
     * @param resource with its part, such as {@code modelfamilies/status}; empty where the request was for no resource
     * @param code the HTTP status of the answer
     * @param at when the API server got it
     */
    public record Request(
            String user,
            String verb,
            String group,
            String resource,
            String namespace,
            String name,
            int code,
            Instant at) {
        public boolean isMutating() {
            return MUTATING.contains(verb);
        }
    }

    /** All requests of a user up to now. */
    public List<Request> requestsOf(User user) {
        return requests().stream()
                .filter(request -> request.user().equals(user.name()))
                .toList();
    }

    private List<Request> requests() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.endsWith("}"))
                    .map(AuditLog::request)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Request request(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            JsonNode object = event.path("objectRef");
            String part = object.path("subresource").asText();
            return new Request(
                    event.at("/user/username").asText(),
                    event.path("verb").asText(),
                    object.path("apiGroup").asText(),
                    object.path("resource").asText() + (part.isEmpty() ? "" : "/" + part),
                    object.path("namespace").asText(),
                    object.path("name").asText(),
                    event.at("/responseStatus/code").asInt(),
                    Instant.parse(event.path("requestReceivedTimestamp").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
