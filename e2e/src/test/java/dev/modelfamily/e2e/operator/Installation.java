package dev.modelfamily.e2e.operator;

import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.User;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an installation brings besides the operator itself. */
final class Installation {
    private static final String ACCOUNT = "operator";

    private Installation() {}

    /** The definition of families. */
    static void definition(KubernetesClient client) {
        try (InputStream definition =
                Files.newInputStream(Place.ROOT.resolve("crds/modelfamilies.modelfamily.dev.yaml"))) {
            client.load(definition).forceConflicts().serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whom the operator of a namespace is. */
    static User user(String namespace) {
        return User.of("system:serviceaccount:" + namespace + ":" + ACCOUNT);
    }

    /**
     * A service account with the rules of the chart.
     *
     * @param everywhere whether its rights are in all namespaces
     * @return the kubeconfig of it
     */
    static Path account(ControlPlane cluster, String namespace, boolean everywhere) {
        KubernetesClient client = cluster.client();
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(ACCOUNT)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        if (everywhere) {
            Rights.grantEverywhere(client, namespace, ACCOUNT, Place.ROOT);
        } else {
            Rights.grant(client, namespace, ACCOUNT, Place.ROOT);
        }
        String token = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(ACCOUNT)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(86_400L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        try {
            Path file = cluster.folder().resolve(namespace + ".kubeconfig");
            String admin = Files.readString(cluster.kubeconfig(User.ADMIN));
            return Files.writeString(file, admin.replaceAll("token: [^}\\s]*", "token: " + token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
