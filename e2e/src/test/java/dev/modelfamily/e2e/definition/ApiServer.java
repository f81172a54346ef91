package dev.modelfamily.e2e.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelfamily.e2e.cluster.ControlPlane;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks an API server what it thinks of a family, without keeping it. */
final class ApiServer {
    private static final Pattern UNKNOWN = Pattern.compile("(?:unknown|duplicate) field \"([^\"]+)\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final String server;

    ApiServer(ControlPlane cluster) {
        http = cluster.client().getHttpClient();
        server = cluster.client().getConfiguration().getMasterUrl();
    }

    /**
     * What the server said.
     *
     * @param paths of the fields that it found wrong, the empty one for the whole resource
     * @param message what it found wrong; empty where it accepts
     */
    record Verdict(boolean accepts, List<String> paths, String message) {}

    /** Strictly, as {@code kubectl create --dry-run=server --validate=strict} asks. The text is one document of YAML or JSON. */
    Verdict judge(String namespace, String text) {
        String uri = server + "apis/modelfamily.dev/v1alpha1/namespaces/" + namespace
                + "/modelfamilies?dryRun=All&fieldValidation=Strict";
        HttpResponse<String> response = http.sendAsync(
                        http.newHttpRequestBuilder()
                                .uri(uri)
                                .post("application/yaml", text)
                                .build(),
                        String.class)
                .join();
        if (response.isSuccessful()) {
            return new Verdict(true, List.of(), "");
        }
        JsonNode status = read(response.body());
        List<String> paths = new ArrayList<>();
        status.at("/details/causes")
                .forEach(cause -> paths.add(path(cause.path("field").asText())));
        Matcher unknown = UNKNOWN.matcher(status.path("message").asText());
        while (unknown.find()) {
            paths.add(unknown.group(1));
        }
        return new Verdict(false, List.copyOf(paths), status.path("message").asText());
    }

    /** A rule of the whole resource has no field. */
    private static String path(String field) {
        return field.equals("<nil>") ? "" : field;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("the API server answered with something that is no JSON: " + text, e);
        }
    }
}
