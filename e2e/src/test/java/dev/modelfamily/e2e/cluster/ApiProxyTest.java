package dev.modelfamily.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("cluster")
@ExtendWith(SharedCluster.class)
class ApiProxyTest {
    private ControlPlane cluster;
    private ApiProxy proxy;
    private KubernetesClient client;
    private String namespace;

    @BeforeEach
    void connect(ControlPlane cluster, @TempDir Path folder) {
        this.cluster = cluster;
        namespace = cluster.newNamespace("proxy");
        proxy = cluster.proxy();
        Config config =
                Config.fromKubeconfig(proxy.kubeconfig(cluster.kubeconfig(User.ADMIN), folder.resolve("kubeconfig"))
                        .toFile());
        config.setHttp2Disable(true);
        config.setRequestRetryBackoffLimit(0);
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterEach
    void close() {
        client.close();
        proxy.close();
    }

    @Test
    void requestsAndWatchesGoThrough() {
        try (SharedIndexInformer<ConfigMap> seen =
                client.configMaps().inNamespace(namespace).inform()) {
            client.resource(map("passed")).create();

            await().atMost(Workload.PATIENCE).until(() -> seen.getStore().getByKey(namespace + "/passed") != null);
        }
    }

    @Test
    void aRefusedRequestChangesNothing() {
        proxy.rule(call -> call.isMutating() ? new ApiFault.Refuse(429, "TooManyRequests") : new ApiFault.None());

        assertThatThrownBy(() -> client.resource(map("refused")).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(429));
        assertThat(direct("refused")).isNull();
    }

    @Test
    void whatHappensBeforeARequestKeepsItFromTheApiServer() {
        CountDownLatch happened = new CountDownLatch(1);
        proxy.rule(call -> call.isMutating() ? new ApiFault.Before(happened::countDown) : new ApiFault.None());

        assertThatThrownBy(() -> client.resource(map("before")).create()).isInstanceOf(KubernetesClientException.class);
        assertThat(happened.getCount()).isZero();
        assertThat(direct("before")).isNull();
    }

    @Test
    void whatHappensAfterARequestKeepsTheClientFromKnowingThatItWasDone() {
        proxy.rule(call -> call.isMutating() ? new ApiFault.After(() -> {}) : new ApiFault.None());

        assertThatThrownBy(() -> client.resource(map("after")).create()).isInstanceOf(KubernetesClientException.class);
        assertThat(direct("after")).isNotNull();
    }

    @Test
    void aBrokenWatchIsBegunAnew() {
        try (SharedIndexInformer<ConfigMap> seen =
                client.configMaps().inNamespace(namespace).inform()) {
            proxy.breakWatches();
            client.resource(map("later")).create();

            await().atMost(Workload.PATIENCE).until(() -> seen.getStore().getByKey(namespace + "/later") != null);
        }
    }

    private ConfigMap direct(String name) {
        return cluster.client()
                .configMaps()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private ConfigMap map(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
    }
}
