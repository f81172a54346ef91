package dev.modelfamily.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Who may speak to an API server, and the files that say so. */
final class Credentials {
    private final Path folder;
    private final int port;

    /**
     * Writes the files that the API server and its peers start with.
     *
     * @param port that the API server will listen on
     */
    Credentials(Path folder, int port, List<User> users) {
        this.folder = folder;
        this.port = port;
        write(tokens(), users.stream().map(User::line).collect(Collectors.joining("\n", "", "\n")));
        write(serviceAccountKey(), newKey());
        users.forEach(user -> write(kubeconfig(user), config(user)));
    }

    /** Where the API server listens. */
    int port() {
        return port;
    }

    Path tokens() {
        return folder.resolve("tokens.csv");
    }

    /** The key that tokens of service accounts are signed with; RSA in PEM. */
    Path serviceAccountKey() {
        return folder.resolve("service-accounts.pem");
    }

    /** The folder where the API server keeps the certificate that it makes for itself. */
    Path certificates() {
        return folder.resolve("certificates");
    }

    /** What a client trusts; there once the API server has started. */
    Path authority() {
        return certificates().resolve("apiserver.crt");
    }

    Path kubeconfig(User user) {
        return folder.resolve(user.name() + ".kubeconfig");
    }

    private String config(User user) {
        return """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters:
                  - name: test
                    cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}
                users:
                  - name: test
                    user: {token: "%s"}
                contexts:
                  - name: test
                    context: {cluster: test, user: test, namespace: default}
                """.formatted(port, authority(), user.token());
    }

    private static String newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no RSA", e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
