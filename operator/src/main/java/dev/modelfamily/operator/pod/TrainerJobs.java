package dev.modelfamily.operator.pod;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.lifecycle.Lifecycle;
import dev.modelfamily.lifecycle.StorageLayout;
import dev.modelfamily.lifecycle.Surroundings;
import dev.modelfamily.operator.Settings;
import dev.modelfamily.operator.pod.Labels.Role;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds the Jobs of a family. The same arguments give the same Job. */
public final class TrainerJobs {
    /** The container that runs the trainer. */
    public static final String CONTAINER = TrainerPod.CONTAINER;

    /** How long Jobs of clean-ups are kept. */
    private static final Duration CLEANED = Duration.ofHours(1);
    /** How often a clean-up is tried. */
    private static final int CLEAN_UP_TRIES = 5;
    /** What the decision core leaves of a stage's deadline to itself before the Job controller steps in. */
    private static final Duration DEADLINE_RESERVE = Duration.ofMinutes(5);

    private final Template template;

    public TrainerJobs(Template template) {
        this.template = template;
    }

    /** Where and how the stages of a family run. */
    public Surroundings surroundings(ModelFamily family, int maxParallel) {
        Settings.Trainer settings = template.settings();
        return new Surroundings(
                knownLayout(family),
                Credentials.FOLDER,
                settings.version(),
                maxParallel,
                Compute.device(family.getSpec(), settings.device()),
                new Reporting(
                        settings.metricsPort(),
                        Math.toIntExact(settings.progressInterval().toSeconds()),
                        0));
    }

    /** The Job of an attempt at the preparation. */
    public Job prepare(ModelFamily family, String key, int attempt, PrepareOrder order) {
        ModelFamilySpec spec = family.getSpec();
        Map<String, String> labels = Labels.of(family, Role.prepare, Lifecycle.PREPARATION, attempt);
        PodTemplateSpec pod = pod(
                family,
                labels,
                List.of("prepare", TrainerPod.ORDER_FILE, "--result", TrainerPod.RESULT_FILE),
                Json.line(order),
                Compute.ofPreparation(spec),
                Credentials.of(spec));
        Job job = attempt(family, labels, key, pod);
        job.getMetadata().setName(JobNames.attempt(family, Lifecycle.PREPARATION, key, attempt));
        return job;
    }

    /** The Job of an attempt at a stage; it waits in the family's queue where there is one. */
    public Job stage(ModelFamily family, StageOrder order) {
        ModelFamilySpec spec = family.getSpec();
        Map<String, String> labels = Labels.of(family, Role.stage, order.member(), order.attempt());
        ResourceRequirements resources = Compute.ofStage(spec, order.member());
        PodTemplateSpec pod = pod(
                family,
                labels,
                List.of("stage", TrainerPod.ORDER_FILE, "--result", TrainerPod.RESULT_FILE),
                Json.line(withThreads(order, Compute.threads(resources))),
                resources,
                new Credentials(new TreeMap<>()));
        Job job = attempt(family, labels, order.key(), pod);
        job.getMetadata().setName(JobNames.attempt(family, order.member(), order.key(), order.attempt()));
        spec.deadlines()
                .stageLimit()
                .ifPresent(limit -> job.getSpec()
                        .setActiveDeadlineSeconds(limit.plus(DEADLINE_RESERVE).toSeconds()));
        if (!spec.trainer().queueName().isEmpty()) {
            job.getMetadata().getLabels().put(Labels.QUEUE, spec.trainer().queueName());
            job.getSpec().setSuspend(true);
        }
        return job;
    }

    /** The Job that removes checkpoints and the outputs of other attempts of a finished stage. */
    public Job cleanUp(ModelFamily family, String key, int keptAttempt) {
        StorageLayout layout = layout(family);
        List<String> arguments = List.of("clean", layout.stage(key), "--keep", layout.attempt(key, keptAttempt));
        // It is the mark that the stage is clean, so it must outlive the Jobs that say that there is something to
        // clean.
        Duration kept = kept(family.getSpec()).plus(CLEANED);
        Job job = cleaning(family, key, arguments, kept);
        job.getMetadata().setName(JobNames.cleanUp(family, key));
        return job;
    }

    /** The Job that removes all that a family stored. */
    public Job removal(ModelFamily family) {
        Job job = cleaning(family, "", List.of("clean", layout(family).root()), CLEANED);
        job.getMetadata().setName(JobNames.removal(family));
        return job;
    }

    private Job cleaning(ModelFamily family, String key, List<String> arguments, Duration kept) {
        Map<String, String> labels = Labels.of(family, Role.cleanup, "", 1);
        PodTemplateSpec pod = pod(
                family,
                labels,
                arguments,
                "",
                Compute.ofPreparation(family.getSpec()),
                new Credentials(new TreeMap<>()));
        Job job = job(family, labels, key, pod, kept);
        job.getSpec().setBackoffLimit(CLEAN_UP_TRIES);
        return job;
    }

    private Job attempt(ModelFamily family, Map<String, String> labels, String key, PodTemplateSpec pod) {
        Job job = job(family, labels, key, pod, kept(family.getSpec()));
        // Another try is another Job, by the operator's counters and waits, not a new pod of this one.
        job.getSpec().setBackoffLimit(0);
        job.getSpec().setPodFailurePolicy(failurePolicy());
        return job;
    }

    private Job job(ModelFamily family, Map<String, String> labels, String key, PodTemplateSpec pod, Duration kept) {
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace(family.getMetadata().getNamespace())
                .withLabels(new TreeMap<>(labels))
                .withAnnotations(key.isEmpty() ? Map.of() : Map.of(Labels.KEY, key))
                .addNewOwnerReference()
                .withApiVersion(family.getApiVersion())
                .withKind(family.getKind())
                .withName(family.getMetadata().getName())
                .withUid(family.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withCompletions(1)
                .withParallelism(1)
                .withPodReplacementPolicy("Failed")
                .withTtlSecondsAfterFinished(Math.toIntExact(Math.min(kept.toSeconds(), Integer.MAX_VALUE)))
                .withTemplate(pod)
                .endSpec()
                .build();
    }

    /** Jobs say what there is to clean, so they stay until that is done. */
    private static Duration kept(ModelFamilySpec spec) {
        Duration jobs = spec.retention().jobsKept();
        Duration checkpoints = spec.retention().checkpointsKept().plus(CLEANED);
        return jobs.compareTo(checkpoints) > 0 ? jobs : checkpoints;
    }

    private PodTemplateSpec pod(
            ModelFamily family,
            Map<String, String> labels,
            List<String> arguments,
            String order,
            ResourceRequirements resources,
            Credentials credentials) {
        return new TrainerPod(
                        family, template, Claims.of(family.getSpec()), labels, arguments, order, resources, credentials)
                .build();
    }

    /** With no retries of its own every end of a pod ends the Job; the rules only make the Job say why. */
    private static PodFailurePolicy failurePolicy() {
        Integer[] permanent = Arrays.stream(ExitCode.values())
                .filter(code -> code.meaning() == ExitCode.Meaning.PERMANENT)
                .map(ExitCode::code)
                .sorted()
                .toArray(Integer[]::new);
        return new PodFailurePolicyBuilder()
                .addNewRule()
                .withAction("FailJob")
                .addNewOnPodCondition("True", "DisruptionTarget")
                .endRule()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName(TrainerPod.CONTAINER)
                .withOperator("In")
                .withValues(permanent)
                .endOnExitCodes()
                .endRule()
                .build();
    }

    private static StageOrder withThreads(StageOrder order, int threads) {
        Reporting reporting = order.reporting();
        return new StageOrder(
                order.version(),
                order.key(),
                order.family(),
                order.member(),
                order.attempt(),
                order.input(),
                order.parent(),
                order.parentName(),
                order.training(),
                order.calibration(),
                order.evaluation(),
                order.cut(),
                order.recovery(),
                order.places(),
                new Reporting(reporting.metricsPort(), reporting.progressSeconds(), threads));
    }

    /** A family whose storage is not supported is refused when its first Job is built; until then any place will do. */
    private static StorageLayout knownLayout(ModelFamily family) {
        try {
            return layout(family);
        } catch (UnsupportedFamilyException e) {
            return new StorageLayout("/" + family.getMetadata().getName());
        }
    }

    private static StorageLayout layout(ModelFamily family) {
        return Claims.of(family.getSpec()).layout(family);
    }
}
