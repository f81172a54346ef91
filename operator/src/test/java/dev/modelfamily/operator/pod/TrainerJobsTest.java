package dev.modelfamily.operator.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.operator.Families;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerJobsTest {
    /** Written anew with {@code -Dgolden.update=true}. */
    private static final Path GOLDEN = Path.of("src/test/resources/dev/modelfamily/operator/pod");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    @Test
    void theJobOfAStageIsThis() throws IOException {
        assertGolden("stage.yaml", Jobs.REPORTING.stage(Families.least(), Jobs.order("large", 1)));
    }

    @Test
    void theJobOfAPreparationIsThis() throws IOException {
        ModelFamily family = Families.with("""
                trainer: {resources: {limits: {nvidia.com/gpu: 4, memory: 64Gi}}, queueName: gpu}
                """);
        family = Families.read(new KubernetesSerialization()
                .asYaml(family)
                .replace("uri: \"hf://owner/name\"", "uri: \"hf://owner/name\"\n    credentials: {name: hub.token}"));

        assertGolden("prepare.yaml", Jobs.QUIET.prepare(family, Jobs.KEY, 2, Jobs.preparation()));
    }

    @Test
    void theJobThatCleansUpIsThis() throws IOException {
        assertGolden("clean.yaml", Jobs.QUIET.cleanUp(Families.least(), Jobs.KEY, 2));
    }

    @Test
    void everythingThatAUserAsksOfThePodIsInIt() throws IOException {
        ModelFamily family = Families.with("""
                trainer:
                  image: registry.example/trainer:2
                  imagePullSecrets: [{name: pull}]
                  resources: {limits: {nvidia.com/gpu: 2}, requests: {cpu: 500m}}
                  nodeSelector: {gpu: h100}
                  tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
                  affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}
                  priorityClassName: low
                  serviceAccountName: trainer
                  runtimeClassName: nvidia
                  env: [{name: HF_ENDPOINT, value: 'https://mirror.example'}]
                  queueName: gpu
                  podPatches:
                    - manager: team-a
                      patch: {spec: {dnsPolicy: Default}}
                deadlines: {stage: 1h}
                retention: {jobs: 48h}
                """);

        assertGolden("everything.yaml", Jobs.QUIET.stage(family, Jobs.order("large", 3)));
    }

    @Test
    void theTrainerReadsTheOrderThatWasDecided() {
        StageOrder order = Jobs.order("large", 1);

        Job job = Jobs.QUIET.stage(Families.least(), order);

        String annotation =
                job.getSpec().getTemplate().getMetadata().getAnnotations().get(Labels.ORDER);
        assertThat(annotation).isEqualTo(Json.line(order));
    }

    @Test
    void theNameDependsOnFamilyMemberKeyAndAttemptAlone() {
        ModelFamily family = Families.least();
        String name = JobNames.attempt(family, "large", Jobs.KEY, 1);
        ModelFamily again = Families.least();
        again.getMetadata().setUid("another");

        assertThat(JobNames.attempt(Families.least(), "large", Jobs.KEY, 1)).isEqualTo(name);
        assertThat(JobNames.attempt(family, "small", Jobs.KEY, 1)).isNotEqualTo(name);
        assertThat(JobNames.attempt(family, "large", Jobs.KEY + "0", 1)).isNotEqualTo(name);
        assertThat(JobNames.attempt(family, "large", Jobs.KEY, 2)).isNotEqualTo(name);
        assertThat(JobNames.attempt(again, "large", Jobs.KEY, 1)).isNotEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a-family-whose-name-is-as-long-as-a-label-of-kubernetes-may-be",
                "twenty-one-letters-00-x",
            })
    void aNameFitsIntoALabel(String family) {
        ModelFamily named = Families.least();
        named.getMetadata().setName(family);

        String longMember = "a-member-whose-name-has-forty-letters-00";
        assertThat(JobNames.attempt(named, longMember, Jobs.KEY, 1_000_000))
                .hasSizeLessThanOrEqualTo(63)
                .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    }

    @Test
    void withoutResourcesAStageGetsOneGpuAndItsPreparationNone() {
        assertThat(container(Jobs.stage(Families.least(), 1)).getResources().getLimits())
                .containsExactly(Map.entry("nvidia.com/gpu", new Quantity("1")));
        assertThat(container(Jobs.preparation(Families.least(), 1))
                        .getResources()
                        .getLimits())
                .isEmpty();
    }

    @Test
    void aPodComputesOnWhatItAsksForAndGetsTheImageForThat() {
        ModelFamily processors = Families.with("trainer: {resources: {limits: {cpu: 2}}}");

        assertThat(environment(Jobs.stage(Families.least(), 1))).containsEntry("MODELFAMILY_DEVICE", "gpu");
        assertThat(container(Jobs.stage(Families.least(), 1)).getImage())
                .isEqualTo("ghcr.io/modelfamily/trainer:test-gpu");
        assertThat(environment(Jobs.stage(processors, 1))).containsEntry("MODELFAMILY_DEVICE", "cpu");
        assertThat(container(Jobs.stage(processors, 1)).getImage()).isEqualTo("ghcr.io/modelfamily/trainer:test");
        assertThat(container(Jobs.preparation(Families.least(), 1)).getImage())
                .isEqualTo("ghcr.io/modelfamily/trainer:test");
    }

    @Test
    void aFamilyMaySayItselfWhatItsStagesComputeOn() {
        ModelFamily family = Families.with("trainer: {env: [{name: MODELFAMILY_DEVICE, value: auto}]}");

        assertThat(container(Jobs.stage(family, 1)).getEnv())
                .filteredOn(variable -> variable.getName().equals("MODELFAMILY_DEVICE"))
                .extracting(EnvVar::getValue)
                .containsExactly("auto");
    }

    @Test
    void aStageOnTheProcessorComputesWithTheThreadsThatItMayUse() throws IOException {
        ModelFamily family = Families.with("""
                trainer: {resources: {limits: {cpu: 1500m, memory: 4Gi}}}
                """);

        JsonNode order = order(Jobs.stage(family, 1));

        assertThat(order.at("/reporting/threads").asInt()).isEqualTo(2);
        assertThat(container(Jobs.stage(family, 1)).getResources().getLimits()).containsOnlyKeys("cpu", "memory");
    }

    @Test
    void aMemberMayHaveResourcesOfItsOwn() {
        ModelFamily family = Families.read(new KubernetesSerialization()
                .asYaml(Families.least())
                .replaceFirst("- name: \"?large\"?", "- resources: {limits: {amd.com/gpu: 8}}\n    name: large"));

        assertThat(container(Jobs.QUIET.stage(family, Jobs.order("large", 1)))
                        .getResources()
                        .getLimits())
                .containsOnlyKeys("amd.com/gpu");
        assertThat(container(Jobs.QUIET.stage(family, Jobs.order("small", 1)))
                        .getResources()
                        .getLimits())
                .containsOnlyKeys("nvidia.com/gpu");
    }

    @Test
    void aClaimOfADeviceReplacesTheGpu() {
        ModelFamily family = Families.with("""
                trainer:
                  resources: {claims: [{name: gpu}]}
                  podPatches:
                    - manager: dra
                      patch: {spec: {resourceClaims: [{name: gpu, resourceClaimTemplateName: one-gpu}]}}
                """);

        Job job = Jobs.stage(family, 1);

        assertThat(container(job).getResources().getLimits()).isEmpty();
        assertThat(container(job).getResources().getClaims().getFirst().getName())
                .isEqualTo("gpu");
        assertThat(pod(job).getResourceClaims().getFirst().getResourceClaimTemplateName())
                .isEqualTo("one-gpu");
        assertThat(Compute.device(family.getSpec(), "A100").gpu()).isTrue();
    }

    @Test
    void theDeviceOfAnEstimateIsTheOneOfTheNodeSelector() {
        ModelFamily family = Families.with("""
                trainer: {nodeSelector: {nvidia.com/gpu.product: NVIDIA-H200-SXM}}
                """);

        assertThat(Compute.device(family.getSpec(), "L4").name()).isEqualTo("H200");
        assertThat(Compute.device(Families.least().getSpec(), "L4").name()).isEqualTo("L4");
    }

    @Test
    void aQueueHoldsAStageBackUntilKueueLetsItGo() {
        ModelFamily family = Families.with("trainer: {queueName: gpu}");

        Job stage = Jobs.stage(family, 1);
        Job preparation = Jobs.preparation(family, 1);

        assertThat(stage.getSpec().getSuspend()).isTrue();
        assertThat(stage.getMetadata().getLabels()).containsEntry("kueue.x-k8s.io/queue-name", "gpu");
        assertThat(preparation.getSpec().getSuspend()).isNull();
        assertThat(preparation.getMetadata().getLabels()).doesNotContainKey("kueue.x-k8s.io/queue-name");
    }

    @Test
    void onlyThePodThatFetchesSeesSecrets() {
        ModelFamily family = Families.with("");
        family = Families.read(new KubernetesSerialization()
                .asYaml(family)
                .replace("uri: \"hf://owner/name\"", "uri: \"hf://owner/name\"\n    credentials: {name: hub.token}"));

        assertThat(pod(Jobs.preparation(family, 1)).getVolumes())
                .filteredOn(volume -> volume.getSecret() != null)
                .extracting(volume -> volume.getSecret().getSecretName())
                .containsExactly("hub.token");
        assertThat(container(Jobs.preparation(family, 1)).getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains("/var/run/secrets/modelfamily.dev/hub.token");
        assertThat(pod(Jobs.stage(family, 1)).getVolumes())
                .extracting(Volume::getSecret)
                .containsOnlyNulls();
    }

    @Test
    void patchesOfSeveralManagersAreMergedInTheirOrder() {
        ModelFamily family = Families.with("""
                trainer:
                  podPatches:
                    - manager: one
                      patch:
                        metadata: {labels: {team: a}}
                        spec:
                          containers:
                            - name: trainer
                              env: [{name: HOME, value: /scratch}, {name: MORE, value: one}]
                              volumeMounts: [{name: scratch, mountPath: /scratch}]
                            - {name: sidecar, image: registry.example/sidecar:1}
                          volumes: [{name: scratch, emptyDir: {}}]
                          securityContext: {fsGroup: null}
                    - manager: two
                      patch: {spec: {containers: [{name: trainer, env: [{name: MORE, value: two}]}]}}
                """);

        Job job = Jobs.stage(family, 1);

        assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("team", "a")
                .containsKey(Labels.FAMILY);
        assertThat(pod(job).getContainers()).extracting(Container::getName).containsExactly("trainer", "sidecar");
        assertThat(container(job).getEnv())
                .filteredOn(variable -> variable.getName().equals("HOME"))
                .extracting(EnvVar::getValue)
                .containsExactly("/scratch");
        assertThat(container(job).getEnv())
                .filteredOn(variable -> variable.getName().equals("MORE"))
                .extracting(EnvVar::getValue)
                .containsExactly("two");
        assertThat(container(job).getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains("/scratch", "/tmp");
        assertThat(pod(job).getSecurityContext().getFsGroup()).isNull();
        assertThat(pod(job).getSecurityContext().getRunAsNonRoot()).isTrue();
    }

    @Test
    void aPatchThatGivesNoPodIsRefusedWithItsManager() {
        ModelFamily family = Families.with("""
                trainer: {podPatches: [{manager: careless, patch: {spec: {containers: nothing}}}]}
                """);

        assertThatThrownBy(() -> Jobs.stage(family, 1))
                .isInstanceOf(UnsupportedFamilyException.class)
                .hasMessageContaining("careless");
    }

    @Test
    void aFileOfOneMachineIsRefusedSinceNoPodSeesIt() {
        ModelFamily family = Families.read(new KubernetesSerialization()
                .asYaml(Families.least())
                .replace("pvc://texts/training.jsonl", "file:training.jsonl"));

        assertThatThrownBy(() -> Jobs.preparation(family, 1))
                .isInstanceOf(UnsupportedFamilyException.class)
                .hasMessageContaining("spec.data.training: file:training.jsonl");
    }

    @Test
    void anOrderThatNoPodCanTakeIsRefused() {
        StageOrder order = Jobs.order("large", 1);
        for (int index = 0; index < 10_000; index++) {
            order.cut().ranks().put("model.layers." + index + ".mlp.down_proj", index);
        }

        assertThatThrownBy(() -> Jobs.QUIET.stage(Families.least(), order))
                .isInstanceOf(UnsupportedFamilyException.class)
                .hasMessageContaining("bytes");
    }

    private static JsonNode order(Job job) {
        try {
            return Json.mapper()
                    .readTree(job.getSpec()
                            .getTemplate()
                            .getMetadata()
                            .getAnnotations()
                            .get(Labels.ORDER));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PodSpec pod(Job job) {
        return job.getSpec().getTemplate().getSpec();
    }

    private static Map<String, String> environment(Job job) {
        return container(job).getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    private static Container container(Job job) {
        return pod(job).getContainers().getFirst();
    }

    private static void assertGolden(String name, Job job) throws IOException {
        String json = new KubernetesSerialization().asJson(job);
        String yaml = YAML.writeValueAsString(YAML.readTree(json));
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, yaml);
        }
        assertThat(yaml)
                .as("write it anew with -Dgolden.update=true where the change is wanted")
                .isEqualTo(Files.readString(file));
    }
}
