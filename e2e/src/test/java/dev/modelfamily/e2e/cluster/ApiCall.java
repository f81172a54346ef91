package dev.modelfamily.e2e.cluster;

import java.util.Set;

/**
 * One request to the API server.
 *
 * @param method of HTTP
 * @param path with its query
 */
public record ApiCall(String method, String path) {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /** Whether it changes something: reviews of tokens and rights are asked with POST, and change nothing. */
    public boolean isMutating() {
        return !READS.contains(method)
                && !path.contains("/authentication.k8s.io/")
                && !path.contains("/authorization.k8s.io/");
    }

    /** Whether it goes on and on. */
    public boolean isWatch() {
        return path.contains("watch=true");
    }
}
