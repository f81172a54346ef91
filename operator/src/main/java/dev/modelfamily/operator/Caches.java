package dev.modelfamily.operator;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** What the informers hold, for those who look but do not reconcile: metrics and the progress endpoint. Empty before the start. */
@Singleton
public class Caches {
    private record Held(IndexedResourceCache<ModelFamily> families, ResourceCache<Job> jobs, ResourceCache<Pod> pods) {}

    private final AtomicReference<Held> held = new AtomicReference<>();

    void hold(IndexedResourceCache<ModelFamily> families, ResourceCache<Job> jobs, ResourceCache<Pod> pods) {
        held.set(new Held(families, jobs, pods));
    }

    /** All families. */
    public Stream<ModelFamily> families() {
        return Stream.ofNullable(held.get()).flatMap(caches -> caches.families().list());
    }

    /** A family by its name. */
    public Optional<ModelFamily> family(ResourceID id) {
        return Optional.ofNullable(held.get())
                .flatMap(caches -> caches.families().get(id));
    }

    /** A pod by its name. */
    public Optional<Pod> pod(ResourceID id) {
        return Optional.ofNullable(held.get()).flatMap(caches -> caches.pods().get(id));
    }

    /** A Job by its name. */
    public Optional<Job> job(ResourceID id) {
        return Optional.ofNullable(held.get()).flatMap(caches -> caches.jobs().get(id));
    }
}
