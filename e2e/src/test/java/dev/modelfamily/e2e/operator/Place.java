package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.e2e.cluster.AuditLog.Request;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.TestKubelet;
import dev.modelfamily.e2e.cluster.User;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A namespace with a node, a played trainer and an operator that has the rights of the chart there and no others. */
final class Place implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String ACCOUNT = "operator";

    private final ControlPlane cluster;
    private final KubernetesClient client;
    private final String namespace;
    private final TestKubelet node;
    private final Path kubeconfig;
    private final PlayedTrainer trainer = new PlayedTrainer();
    private OperatorProcess operator;

    private Place(ControlPlane cluster, String prefix) {
        this.cluster = cluster;
        client = cluster.client();
        namespace = cluster.newNamespace(prefix);
        installDefinition();
        kubeconfig = account();
        node = TestKubelet.join(cluster, namespace, trainer);
    }

    /** A place with the claim that families are kept in, and an operator that is ready. */
    static Place of(ControlPlane cluster, String prefix) {
        Place place = empty(cluster, prefix);
        place.createClaim();
        place.startOperator();
        return place;
    }

    /** The same, with the operator's endpoint for progress behind TLS. */
    static Place withTls(ControlPlane cluster, String prefix, Certificate certificate) {
        Place place = empty(cluster, prefix);
        place.createClaim();
        place.operator = OperatorProcess.startWithTls(
                place.kubeconfig, place.namespace, cluster.folder().resolve("operators"), certificate);
        return place;
    }

    /** A place without claim and operator. */
    static Place empty(ControlPlane cluster, String prefix) {
        return new Place(cluster, prefix);
    }

    PlayedTrainer trainer() {
        return trainer;
    }

    KubernetesClient client() {
        return client;
    }

    String namespace() {
        return namespace;
    }

    OperatorProcess operator() {
        return operator;
    }

    void startOperator() {
        operator = OperatorProcess.start(kubeconfig, namespace, cluster.folder().resolve("operators"));
    }

    void createClaim() {
        create("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: models}
                spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
                """);
    }

    /**
     * Applies a family of three members, each from the one before.
     *
     * @param fields further ones of the spec, as YAML
     */
    void apply(String name, String fields) {
        create("""
                apiVersion: modelfamily.dev/v1alpha1
                kind: ModelFamily
                metadata: {name: %s}
                spec:
                  parent: {uri: hf://owner/name}
                  data:
                    training: {uri: 'pvc://models/training.jsonl'}
                    evaluation: [{name: held-out, uri: 'pvc://models/held-out.jsonl'}]
                  training: {batchTokens: 4096, sequenceLength: 256}
                  method: {preset: PLRD}
                  storage: {persistentVolumeClaim: {claimName: models}}
                  retry: {initialBackoff: 1s}
                  trainer:
                    image: trainer
                    nodeSelector: {kubernetes.io/hostname: %s}
                  members:
                    - {name: large, size: 80%%, tokens: 100k}
                    - {name: medium, size: 65%%, tokens: 100k}
                    - {name: small, size: 50%%, tokens: 100k}
                """.formatted(name, namespace) + fields.indent(2));
    }

    private void create(String yaml) {
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .inNamespace(namespace)
                .create();
    }

    /** Changes a family as a user does; single quotes stand for double ones. */
    void patch(String name, String change) {
        families().withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), change.replace('\'', '"'));
    }

    ModelFamily family(String name) {
        return families().withName(name).get();
    }

    NonNamespaceOperation<ModelFamily, ?, Resource<ModelFamily>> families() {
        return client.resources(ModelFamily.class).inNamespace(namespace);
    }

    /** Waits until the status is as wanted. */
    ModelFamilyStatus awaitStatus(String name, String what, Predicate<ModelFamilyStatus> wanted) {
        return await(what + " of " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> Optional.ofNullable(family(name)).map(ModelFamily::getStatus),
                        found -> found.filter(wanted).isPresent())
                .orElseThrow();
    }

    ModelFamilyStatus awaitPhase(String name, String phase) {
        return awaitStatus(name, "phase " + phase, status -> status.phase().equals(phase));
    }

    /** Waits until a member is as wanted. */
    MemberStatus awaitMember(String name, String member, Predicate<MemberStatus> wanted) {
        return awaitStatus(
                        name,
                        "member " + member,
                        status -> status.member(member).filter(wanted).isPresent())
                .member(member)
                .orElseThrow();
    }

    /** The Jobs, by the member that they work on. */
    Map<String, List<Job>> jobs() {
        return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
                .collect(Collectors.groupingBy(
                        job -> job.getMetadata().getLabels().get("modelfamily.dev/member")));
    }

    /** The pod of a member. */
    Pod pod(String member) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("modelfamily.dev/member", member)
                .list()
                .getItems()
                .getFirst();
    }

    /** The reasons of the events about a family. */
    List<String> events(String name) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .filter(event -> "ModelFamily".equals(event.getInvolvedObject().getKind()))
                .map(Event::getReason)
                .toList();
    }

    /** What the operator asked of the API server. */
    List<Request> requests() {
        return cluster.auditLog().requestsOf(User.of("system:serviceaccount:" + namespace + ":" + ACCOUNT));
    }

    List<Request> writes() {
        return requests().stream().filter(Request::isMutating).toList();
    }

    @Override
    public void close() {
        try {
            assertThat(requests()).as("nothing that RBAC denies").noneMatch(request -> request.code() == 403);
        } finally {
            if (operator != null) {
                operator.close();
            }
            node.close();
        }
    }

    private void installDefinition() {
        try {
            client.load(Files.newInputStream(ROOT.resolve("crds/modelfamilies.modelfamily.dev.yaml")))
                    .forceConflicts()
                    .serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A service account with the rules of the chart, and the kubeconfig of it. */
    private Path account() {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(ACCOUNT)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        Rights.grant(client, namespace, ACCOUNT, ROOT);
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
