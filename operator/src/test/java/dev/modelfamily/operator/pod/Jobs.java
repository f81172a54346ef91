package dev.modelfamily.operator.pod;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Schedule;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.operator.Settings;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Orders and the Jobs that are made of them, for tests. */
public final class Jobs {
    /** The key of every order here. */
    public static final String KEY = "sha256:" + "0123456789abcdef".repeat(4);

    /** Jobs without an endpoint for progress. */
    public static final TrainerJobs QUIET = new TrainerJobs(new Template(new Trainer(), Optional.empty(), () -> ""));

    /** Jobs whose pods report. */
    public static final TrainerJobs REPORTING = new TrainerJobs(new Template(
            new Trainer(),
            Optional.of("https://modelfamily-operator.modelfamily.svc:8443"),
            () -> "-----BEGIN CERTIFICATE-----\n"));

    private Jobs() {}

    public static Job stage(ModelFamily family, int attempt) {
        return QUIET.stage(family, order("large", attempt));
    }

    public static Job preparation(ModelFamily family, int attempt) {
        return QUIET.prepare(family, KEY, attempt, preparation());
    }

    public static StageOrder order(String member, int attempt) {
        TreeMap<String, Integer> ranks = new TreeMap<>(Map.of("model.layers.0.self_attn.q_proj", 16));
        return new StageOrder(
                StageOrder.VERSION,
                KEY,
                "tiny",
                member,
                attempt,
                new ModelRef("/mnt/claims/models/team-a/tiny/prepared/1/parent", "sha256:1"),
                new ModelRef("/mnt/claims/models/team-a/tiny/prepared/1/parent", "sha256:1"),
                "hf://owner/name@1",
                new DataRef("training", "/mnt/claims/models/team-a/tiny/prepared/1/training", "sha256:2", 0),
                null,
                List.of(),
                new Cut(Truncation.Plain, Allocation.Uniform, Recut.Product, null, 16, 1000, ranks),
                new Recovery(
                        RecoveryLoss.Distillation,
                        1_000_000,
                        1024,
                        256,
                        1e-4,
                        Schedule.Cosine,
                        0.02,
                        0.1,
                        1,
                        Precision.Float32,
                        1,
                        60,
                        OnDataEnd.Repeat,
                        null),
                new Places("/mnt/claims/models/team-a/tiny/out", "/mnt/claims/models/team-a/tiny/checkpoints"),
                new Reporting(9464, 5, 0));
    }

    public static PrepareOrder preparation() {
        return new PrepareOrder(
                StageOrder.VERSION,
                "tiny",
                "hf://owner/name",
                "",
                "",
                List.of(),
                0.01,
                false,
                "/mnt/claims/models/team-a/tiny/prepared/1",
                new Reporting(9464, 5, 0));
    }

    /** The settings as they are where nobody sets any. */
    public record Trainer(
            String image,
            Optional<String> gpuImage,
            String pullPolicy,
            String version,
            Duration grace,
            int metricsPort,
            Duration progressInterval,
            long user,
            String device)
            implements Settings.Trainer {
        public Trainer() {
            this(
                    "ghcr.io/modelfamily/trainer:test",
                    Optional.of("ghcr.io/modelfamily/trainer:test-gpu"),
                    "IfNotPresent",
                    "1",
                    Duration.ofMinutes(2),
                    9464,
                    Duration.ofSeconds(5),
                    65532,
                    "H100");
        }
    }
}
