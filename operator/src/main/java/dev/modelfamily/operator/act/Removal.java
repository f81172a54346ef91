package dev.modelfamily.operator.act;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.OnDelete;
import dev.modelfamily.operator.observe.PodSight;
import dev.modelfamily.operator.observe.World;
import dev.modelfamily.operator.pod.JobNames;
import dev.modelfamily.operator.pod.TrainerJobs;
import dev.modelfamily.operator.pod.UnsupportedFamilyException;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The end of a family. Its Jobs go with it by their owner references; only with {@code retention.onDelete: Delete} a finalizer
 * holds it until a last Job has removed its files.
 */
public final class Removal {
    /** Holds a family whose files are to be removed. */
    static final String FINALIZER = "modelfamily.dev/files";

    private static final Logger LOG = Logger.getLogger(Removal.class);
    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(StatusWriter.MANAGER)
            .build();

    private final KubernetesClient client;
    private final TrainerJobs jobs;

    public Removal(KubernetesClient client, TrainerJobs jobs) {
        this.client = client;
        this.jobs = jobs;
    }

    /**
     * Puts the finalizer on, or takes it off, as the spec asks.
     *
     * @return the family as it is now
     */
    public ModelFamily arranged(ModelFamily family) {
        boolean wanted = family.getSpec().retention().onDelete() == OnDelete.Delete;
        return wanted == family.hasFinalizer(FINALIZER) ? family : withFinalizer(family, wanted);
    }

    /** The next step of the end of a family that is marked for deletion. */
    public void proceed(ModelFamily family, World world) {
        if (!family.hasFinalizer(FINALIZER)) {
            return;
        }
        if (family.getSpec().retention().onDelete() == OnDelete.Retain) {
            withFinalizer(family, false);
            return;
        }
        List<Job> working = world.attempts().toList();
        if (!working.isEmpty()) {
            working.forEach(this::stop);
            return;
        }
        world.job(JobNames.removal(family)).ifPresentOrElse(job -> follow(family, job, world), () -> begin(family));
    }

    private void begin(ModelFamily family) {
        try {
            client.resource(jobs.removal(family)).create();
        } catch (UnsupportedFamilyException e) {
            withFinalizer(family, false); // it never had files
        } catch (KubernetesClientException e) {
            switch (e.getCode()) {
                case HttpURLConnection.HTTP_CONFLICT -> LOG.debug("the Job that removes the files is there already");
                // In a namespace that goes too nothing can be created, and the volumes' own policy says what stays.
                case HttpURLConnection.HTTP_FORBIDDEN -> giveUp(family, e.getMessage());
                default -> throw e;
            }
        }
    }

    private void follow(ModelFamily family, Job job, World world) {
        boolean complete = isTrue(job, "Complete");
        boolean failed = isTrue(job, "Failed");
        boolean without = world.podsOf(job).stream()
                .map(PodSight::new)
                .anyMatch(pod -> pod.waitsFor().reason().equals("VolumeMissing"));
        if (complete) {
            withFinalizer(family, false);
        } else if (failed) {
            giveUp(family, "the Job " + job.getMetadata().getName() + " failed");
        } else if (without) {
            giveUp(family, "the volume of its storage is gone");
        }
    }

    /** A family that cannot be removed would hold its namespace for ever, so it goes, and its files stay. */
    private void giveUp(ModelFamily family, String why) {
        LOG.warnf(
                "%s/%s: its files stay: %s",
                family.getMetadata().getNamespace(), family.getMetadata().getName(), why);
        withFinalizer(family, false);
    }

    private void stop(Job job) {
        if (job.getMetadata().getDeletionTimestamp() == null) {
            client.resource(job)
                    .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                    .delete();
        }
    }

    private static boolean isTrue(Job job, String type) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals(type)
                                && condition.getStatus().equals("True"));
    }

    private ModelFamily withFinalizer(ModelFamily family, boolean wanted) {
        List<String> others = family.getMetadata().getFinalizers().stream()
                .filter(name -> !name.equals(FINALIZER))
                .toList();
        List<String> all =
                wanted ? Stream.concat(others.stream(), Stream.of(FINALIZER)).toList() : others;
        Map<String, Object> metadata = new TreeMap<>();
        metadata.put("finalizers", all);
        metadata.put("resourceVersion", family.getMetadata().getResourceVersion());
        return client.resources(ModelFamily.class)
                .inNamespace(family.getMetadata().getNamespace())
                .withName(family.getMetadata().getName())
                .patch(MERGE, Serialization.asJson(Map.of("metadata", metadata)));
    }
}
