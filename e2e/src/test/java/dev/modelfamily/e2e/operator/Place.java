package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.contract.Json;
import dev.modelfamily.e2e.cluster.ApiProxy;
import dev.modelfamily.e2e.cluster.AuditLog.Request;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.FamilyWaits;
import dev.modelfamily.e2e.cluster.TestKubelet;
import dev.modelfamily.e2e.cluster.User;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A namespace with a node, a played trainer and an operator that has the rights of the chart there and no others. */
final class Place implements FamilyWaits, FamilyObjects, AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(4);

    /** The folder of the project. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final String OTHER = "-other";

    private final ControlPlane cluster;
    private final KubernetesClient client;
    private final String namespace;
    /** The namespace that the operator looks after; empty for all. */
    private final String watched;

    private final TestKubelet node;
    private final Path kubeconfig;
    private final PlayedTrainer trainer = new PlayedTrainer();
    private final Deque<OperatorProcess> operators = new ConcurrentLinkedDeque<>();

    private Place(ControlPlane cluster, String prefix, boolean everywhere) {
        this.cluster = cluster;
        client = cluster.client();
        namespace = cluster.newNamespace(prefix);
        watched = everywhere ? "" : namespace;
        Installation.definition(client);
        kubeconfig = Installation.account(cluster, namespace, everywhere);
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
        place.operators.add(OperatorProcess.startWithTls(
                place.kubeconfig, place.namespace, cluster.folder().resolve("operators"), certificate));
        return place;
    }

    /** A place without claim and operator. */
    static Place empty(ControlPlane cluster, String prefix) {
        return new Place(cluster, prefix, false);
    }

    /** A place whose operator looks after all namespaces, one that ends in {@code -other} among them. */
    static Place everywhere(ControlPlane cluster, String prefix) {
        Place place = new Place(cluster, prefix, true);
        place.createClaim();
        place.client
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(place.namespace + OTHER)
                        .endMetadata()
                        .build())
                .create();
        place.startOperator();
        return place;
    }

    TestKubelet node() {
        return node;
    }

    PlayedTrainer trainer() {
        return trainer;
    }

    @Override
    public KubernetesClient client() {
        return client;
    }

    @Override
    public String namespace() {
        return namespace;
    }

    /** The one that was started last. */
    OperatorProcess operator() {
        return operators.getLast();
    }

    void startOperator() {
        startOperator(Map.of());
    }

    /** Starts an operator with these settings besides the usual ones. */
    void startOperator(Map<String, String> settings) {
        startOperator(OperatorProgram.command(), settings);
    }

    /** Starts an operator by a command, with these settings besides the usual ones. */
    void startOperator(List<String> command, Map<String, String> settings) {
        operators.add(
                OperatorProcess.start(kubeconfig, watched, cluster.folder().resolve("operators"), command, settings));
    }

    /** Starts an operator that reaches the API server through a proxy, with these settings besides the usual ones. */
    void startOperatorBehind(ApiProxy proxy, Map<String, String> settings) {
        Path through = proxy.kubeconfig(
                kubeconfig, cluster.folder().resolve(namespace + "." + operators.size() + ".proxied.kubeconfig"));
        operators.add(OperatorProcess.behind(through, watched, cluster.folder().resolve("operators"), settings));
    }

    /** The claim that families are kept in. */
    void createClaim() {
        create(namespace, FamilyYaml.CLAIM);
    }

    /** Where the files of the claim are on this machine. */
    Path storage() {
        return cluster.folder(await("the volume of the claim")
                .atMost(PATIENCE)
                .until(
                        () -> client.persistentVolumeClaims()
                                .inNamespace(namespace)
                                .withName("models")
                                .get(),
                        claim -> claim != null && claim.getSpec().getVolumeName() != null));
    }

    /**
     * Applies a family of three members, each from the one before.
     *
     * @param fields further ones of the spec, as YAML
     */
    void apply(String name, String fields) {
        create(namespace, FamilyYaml.of(name, namespace, fields));
    }

    /** The same without a GPU, so that the node takes as many of its pods as there are. */
    void applyWithoutDevice(String name) {
        create(namespace, FamilyYaml.withoutDevice(name, namespace));
    }

    /** The same, in the queue {@code gpu} of Kueue. */
    void applyToQueue(String name) {
        create(namespace, FamilyYaml.inQueue(name, namespace));
    }

    /** Applies such a family in another namespace, with the claim that it is kept in. */
    void applyTo(String other, String name, String fields) {
        create(other, FamilyYaml.CLAIM);
        create(other, FamilyYaml.of(name, namespace, fields));
    }

    /** Creates what is written in YAML. */
    void create(String yaml) {
        create(namespace, yaml);
    }

    /** Adds a family that is like a finished one, as if it had been made long ago: without Jobs, pods and events. */
    void copyFinished(GenericKubernetesResource made, String copy) {
        GenericKubernetesResource fresh = new GenericKubernetesResource();
        fresh.setApiVersion(made.getApiVersion());
        fresh.setKind(made.getKind());
        fresh.setMetadata(
                new ObjectMetaBuilder().withName(copy).withNamespace(namespace).build());
        fresh.setAdditionalProperty("spec", made.getAdditionalProperties().get("spec"));
        client.resource(fresh).create();
        String status =
                Json.line(Map.of("status", made.getAdditionalProperties().get("status")));
        families()
                .withName(copy)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        status.replace(made.getMetadata().getName(), copy));
    }

    /** A family as the API server has it, with nothing filled in. */
    GenericKubernetesResource raw(String name) {
        return client.genericKubernetesResources("modelfamily.dev/v1alpha1", "ModelFamily")
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private void create(String where, String yaml) {
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .inNamespace(where)
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
        return families(namespace);
    }

    NonNamespaceOperation<ModelFamily, ?, Resource<ModelFamily>> families(String where) {
        return client.resources(ModelFamily.class).inNamespace(where);
    }

    @Override
    public Optional<ModelFamilyStatus> status(String name) {
        return Optional.ofNullable(family(name)).map(ModelFamily::getStatus);
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    /** What the operator asked of the API server. */
    List<Request> requests() {
        return cluster.auditLog().requestsOf(Installation.user(namespace));
    }

    /** What the node said of its pods. */
    List<Request> podStatuses() {
        return cluster.auditLog().requestsOf(User.of("test-kubelet")).stream()
                .filter(request -> request.resource().equals("pods/status"))
                .filter(request -> request.namespace().equals(namespace))
                .toList();
    }

    List<Request> writes() {
        return requests().stream().filter(Request::isMutating).toList();
    }

    @Override
    public void close() {
        try {
            // In the other namespace, while it is deleted, nothing can be created: that is said with the same code.
            assertThat(requests().stream()
                            .filter(request -> request.code() == 403)
                            .filter(request -> !request.namespace().endsWith(OTHER)))
                    .as("nothing that RBAC denies")
                    .isEmpty();
        } finally {
            operators.forEach(OperatorProcess::close);
            node.close();
        }
    }
}
