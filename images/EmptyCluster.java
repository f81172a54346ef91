import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * As much of a Kubernetes API server as the operator needs to become ready: every list is empty and nothing ever happens. The
 * operator is started against it once while its image is built, so that the classes of its start are kept as they then are.
 *
 * <p>Usage: {@code java EmptyCluster.java PORT KEYSTORE PASSWORD}
 */
final class EmptyCluster {
    private static final Map<String, String> KINDS =
            Map.of("modelfamilies", "ModelFamily", "jobs", "Job", "pods", "Pod", "leases", "Lease");
    private static final Pattern LIST = Pattern.compile("/(?:api|apis/([^/]+))/([^/]+)/(?:namespaces/[^/]+/)?([^/]+)");

    private EmptyCluster() {}

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(identity(new File(arguments[1]), arguments[2].toCharArray())));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", EmptyCluster::answer);
        server.start();
    }

    private static SSLContext identity(File keystore, char[] password) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(keystore, password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        var list = LIST.matcher(exchange.getRequestURI().getPath());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (exchange.getRequestURI().getPath().equals("/version")) {
            send(exchange, 200, "{\"major\": \"1\", \"minor\": \"34\", \"gitVersion\": \"v1.34.0\"}");
        } else if (exchange.getRequestHeaders().containsKey("Upgrade")) {
            send(exchange, 200, ""); // no web sockets: the client then watches over plain HTTP
        } else if (query != null && query.contains("watch=true")) {
            exchange.sendResponseHeaders(200, 0); // a watch that stays open, and tells nothing
            exchange.getResponseBody().flush();
        } else if (list.matches() && exchange.getRequestMethod().equals("GET")) {
            String version = list.group(1) == null ? list.group(2) : list.group(1) + "/" + list.group(2);
            send(exchange, 200, """
                    {"apiVersion": "%s", "kind": "%sList", "metadata": {"resourceVersion": "1"}, "items": []}
                    """.formatted(version, KINDS.getOrDefault(list.group(3), "")));
        } else {
            send(exchange, 404, """
                    {"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}
                    """);
        }
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
