package dev.modelfamily.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What whoever installs the operator may set. Each is also an environment variable, such as {@code MODELFAMILY_TRAINER_IMAGE}. */
@ConfigMapping(prefix = "modelfamily")
public interface Settings {
    /** The namespaces whose families are looked after; empty for all. */
    Optional<List<String>> namespaces();

    /** Stages of one family that run at once at most; branches of a tree are independent. */
    @WithDefault("16")
    int maxParallelStages();

    /** The pods that do the work. */
    Trainer trainer();

    /** How stages tell how far they are. */
    ProgressEndpoint progress();

    /** Which of several operators works. */
    LeaderElection leaderElection();

    /** The pods that do the work. */
    interface Trainer {
        /** The image where a family names none. */
        String image();

        /** The image of pods that ask for a GPU, where a family names none; empty for the same as of all others. */
        Optional<String> gpuImage();

        /** When the image is pulled: Always, IfNotPresent or Never. */
        @WithDefault("IfNotPresent")
        String pullPolicy();

        /**
         * What results depend on besides the order: the version of the trainer, which is usually the operator's own. Another may
         * make another member; what is done or runs when it changes stays as it is.
         */
        String version();

        /** How long a stage may take to write a checkpoint after SIGTERM. */
        @WithDefault("120s")
        Duration grace();

        /** The port of the trainer's metrics. */
        @WithDefault("9464")
        int metricsPort();

        /** The time between two reports of progress. */
        @WithDefault("5s")
        Duration progressInterval();

        /** The user, and the group of its volumes, that pods run as. */
        @WithDefault("65532")
        long user();

        /** The GPU that costs are estimated for where a family's node selector names none: H200, H100, A100 or L4. */
        @WithDefault("H100")
        String device();
    }

    /** How stages tell how far they are. */
    interface ProgressEndpoint {
        /** Where pods reach this operator, such as {@code https://modelfamily-operator.modelfamily.svc:8443}; empty: no reports. */
        Optional<String> url();

        /** The certificates that pods trust the endpoint by, as a file of PEM; empty for those of the trainer's image. */
        Optional<Path> ca();

        /** The endpoint's certificate, as a file of PEM. */
        Optional<Path> certificate();

        /** The key of the certificate, as a file of PEM. */
        Optional<Path> key();
    }

    /** Which of several operators works. */
    interface LeaderElection {
        /** Whether to ask for the lease before working. */
        @WithDefault("false")
        boolean enabled();

        /** The name of the lease, in the operator's own namespace. */
        @WithDefault("modelfamily-operator")
        String lease();
    }
}
