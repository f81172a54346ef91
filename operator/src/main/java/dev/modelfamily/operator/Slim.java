package dev.modelfamily.operator;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.operator.pod.Labels;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import java.util.Map;

/** Objects as the caches keep them: without the orders and templates, which nobody reads and which are most of their size. */
final class Slim {
    private Slim() {}

    static ModelFamily family(ModelFamily family) {
        family.getMetadata().setManagedFields(null);
        return family;
    }

    static Job job(Job job) {
        JobSpec spec = new JobSpec();
        spec.setSuspend(job.getSpec().getSuspend());
        job.setSpec(spec);
        strip(job.getMetadata());
        return job;
    }

    static Pod pod(Pod pod) {
        PodSpec spec = new PodSpec();
        spec.setServiceAccountName(pod.getSpec().getServiceAccountName());
        pod.setSpec(spec);
        strip(pod.getMetadata());
        return pod;
    }

    private static void strip(ObjectMeta metadata) {
        metadata.setManagedFields(null);
        String key = metadata.getAnnotations() == null
                ? null
                : metadata.getAnnotations().get(Labels.KEY);
        metadata.setAnnotations(key == null ? null : Map.of(Labels.KEY, key));
    }
}
