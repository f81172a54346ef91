package dev.modelfamily.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.operator.act.EventRecorder;
import dev.modelfamily.operator.act.Executor;
import dev.modelfamily.operator.act.Removal;
import dev.modelfamily.operator.act.StatusWriter;
import dev.modelfamily.operator.metrics.FamilySeries;
import dev.modelfamily.operator.metrics.Transitions;
import dev.modelfamily.operator.pod.Template;
import dev.modelfamily.operator.pod.TrainerJobs;
import dev.modelfamily.operator.progress.ProgressBoard;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapper;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the parts of the operator together. */
final class Parts {
    @Produces
    @Singleton
    Passes passes(
            KubernetesClient client,
            Settings settings,
            ProgressBoard progress,
            MeterRegistry registry,
            @ConfigProperty(name = "pod.name", defaultValue = "modelfamily-operator") String instance) {
        TrainerJobs jobs = new TrainerJobs(new Template(
                settings.trainer(),
                settings.progress().url(),
                () -> settings.progress().ca().map(Parts::read).orElse("")));
        return new Passes(
                client,
                jobs,
                new StatusWriter(client),
                new Executor(client, jobs, new EventRecorder(client, instance)),
                new Removal(client, jobs),
                progress,
                new Transitions(registry),
                settings.maxParallelStages(),
                Clock.systemUTC());
    }

    /** With the kinds that are read; the extension's own knows, and so loads, every kind that Kubernetes has. */
    @Produces
    @Singleton
    KubernetesSerialization serialization(@KubernetesClientObjectMapper ObjectMapper mapper) {
        KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
        Stream.of(ModelFamily.class, Job.class, Pod.class, Event.class, Lease.class, TokenReview.class, Status.class)
                .forEach(serialization::registerKubernetesResource);
        return serialization;
    }

    /** Registered by hand, to be watched in this way. */
    @Produces
    @Singleton
    Operator operator(QuarkusConfigurationService configuration, ModelFamilyReconciler reconciler) {
        Operator operator = new Operator(configuration);
        operator.register(reconciler, Watching.of(configuration, reconciler));
        operator.installShutdownHook(configuration.reconciliationTerminationTimeout());
        return operator;
    }

    /** What the framework counts only once it happens, from the start: a rate over it then has its first step, too. */
    void count(@Observes StartupEvent event, MeterRegistry registry) {
        for (String name : List.of("reconciliations.retries.total", "reconciliations.failure.total")) {
            registry.counter(name, "controller.name", ModelFamilyReconciler.NAME);
        }
    }

    /** The lease; none where one operator works alone. */
    @Produces
    @Dependent
    LeaderElectionConfiguration leaderElection(
            Settings settings,
            Leadership leadership,
            @ConfigProperty(name = "pod.name") Optional<String> identity,
            @ConfigProperty(name = "pod.namespace") Optional<String> namespace) {
        if (!settings.leaderElection().enabled()) {
            return null;
        }
        LeaderElectionConfigurationBuilder lease = LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
                settings.leaderElection().lease());
        identity.ifPresent(lease::withIdentity);
        namespace.ifPresent(lease::withLeaseNamespace);
        return lease.withLeaderCallbacks(leadership.callbacks()).build();
    }

    /** One registry for Micrometer and for the series of families; by default each would get its own. */
    @Produces
    @Singleton
    CollectorRegistry collectors() {
        return new CollectorRegistry(true);
    }

    /** The series of families in the registry that Prometheus scrapes. */
    void register(@Observes StartupEvent event, CollectorRegistry registry, Caches caches, ProgressBoard progress) {
        registry.register(
                new FamilySeries(caches::families, job -> caches.job(job).flatMap(progress::lastReport), Instant::now));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("modelfamily.progress.ca: cannot read " + file + "; give a file of PEM", e);
        }
    }
}
