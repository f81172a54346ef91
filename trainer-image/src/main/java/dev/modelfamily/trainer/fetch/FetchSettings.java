package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where to fetch from and where to keep it. All of it comes from environment variables; those that begin with {@code HF_} mean
 * what they mean to the Hugging Face tools:
 *
 * <table>
 *   <caption>Environment variables</caption>
 *   <tr><td>{@code HF_ENDPOINT}</td><td>the Hub or a mirror of it; default {@code https://huggingface.co}</td></tr>
 *   <tr><td>{@code HF_TOKEN}</td><td>the token to show to the Hub where an order names no file with one</td></tr>
 *   <tr><td>{@code HF_TOKEN_PATH}</td><td>a file with that token, read where {@code HF_TOKEN} is not set; default
 *       {@code token} in the folder {@code HF_HOME}, by default {@code ~/.cache/huggingface}, where {@code hf auth login} puts
 *       it</td></tr>
 *   <tr><td>{@code HF_HUB_OFFLINE}</td><td>{@code 1}: ask no network, use what the cache has</td></tr>
 *   <tr><td>{@code MODELFAMILY_CACHE}</td><td>the folder of what was fetched, which several processes may share; default
 *       {@code modelfamily/hub} in {@code XDG_CACHE_HOME}, by default {@code ~/.cache}. It may be deleted at any time when no
 *       process runs</td></tr>
 *   <tr><td>{@code MODELFAMILY_CLAIMS}</td><td>the folder below which claims are mounted: {@code pvc://CLAIM/PATH} is read from
 *       {@code MODELFAMILY_CLAIMS/CLAIM/PATH}; default {@code /mnt/claims}</td></tr>
 * </table>
 *
 * <p>Proxies and certificates are those of the Java machine ({@code JAVA_TOOL_OPTIONS=-Dhttps.proxyHost=...}).
 *
 * @param endpoint the Hub, with a slash at its end
 * @param token for the Hub where an order names no file with one
 * @param cache the folder of what was fetched
 * @param offline whether the network must not be asked
 * @param claims the folder below which claims are mounted
 */
public record FetchSettings(URI endpoint, Token.Origin token, Path cache, boolean offline, Path claims) {
    private static final Set<String> YES = Set.of("1", "on", "yes", "true");

    /** The settings that an environment gives. */
    public static FetchSettings of(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        Path home = Path.of(variables.get("HOME").orElse(System.getProperty("user.home")));
        Path caches = variables.path("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        Path hub = variables.path("HF_HOME").orElse(caches.resolve("huggingface"));
        return new FetchSettings(
                endpoint(variables.get("HF_ENDPOINT").orElse("https://huggingface.co")),
                variables
                        .get("HF_TOKEN")
                        .<Token.Origin>map(token -> new Token.Given(Token.of(token, "HF_TOKEN")))
                        .or(() -> variables.path("HF_TOKEN_PATH").map(Token.Required::new))
                        .orElse(new Token.Possible(hub.resolve("token"))),
                variables
                        .path("MODELFAMILY_CACHE")
                        .orElse(caches.resolve("modelfamily").resolve("hub")),
                variables
                        .get("HF_HUB_OFFLINE")
                        .map(value -> YES.contains(value.toLowerCase(Locale.ROOT)))
                        .orElse(false),
                variables.path("MODELFAMILY_CLAIMS").orElse(Path.of("/mnt/claims")));
    }

    /**
     * Where the token for a source comes from.
     *
     * @param tokenFile that the order names; empty for none
     */
    Token.Origin tokenOf(String tokenFile) {
        return tokenFile.isEmpty() ? token : new Token.Required(Path.of(tokenFile));
    }

    private static URI endpoint(String value) {
        try {
            URI uri = URI.create(value.endsWith("/") ? value : value + "/");
            if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw badEndpoint(value, e);
        }
        throw badEndpoint(value, null);
    }

    private static StageException badEndpoint(String value, Throwable cause) {
        return new StageException(
                ExitCode.BAD_ORDER,
                "HF_ENDPOINT is '" + value + "'; write the address of a Hub, such as https://huggingface.co",
                cause);
    }

    private record Variables(Map<String, String> environment) {
        Optional<String> get(String name) {
            return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
        }

        Optional<Path> path(String name) {
            return get(name).map(value -> Path.of(value).toAbsolutePath());
        }
    }
}
