package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageOrder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Watches families and their Jobs at the API server, and notes whatever may never be: two live pods of a member, a stage before
 * its input is recorded, a counter that falls, a recorded member that changes, a status that forgets a generation.
 */
final class Witness implements AutoCloseable {
    private final ConcurrentLinkedQueue<String> offences = new ConcurrentLinkedQueue<>();
    /** The revision of the store at which a digest was first in the status, by family and digest. */
    private final Map<String, Long> recorded = new ConcurrentHashMap<>();

    private final Map<String, Pod> pods = new ConcurrentHashMap<>();
    private final Map<String, Long> created = new ConcurrentHashMap<>();
    private final SharedIndexInformer<ModelFamily> families;
    private final SharedIndexInformer<Job> stages;
    private final SharedIndexInformer<Pod> working;

    Witness(KubernetesClient client, String namespace) {
        families = client.resources(ModelFamily.class).inNamespace(namespace).inform(new Seen<>() {
            @Override
            public void onAdd(ModelFamily family) {
                record(family);
            }

            @Override
            public void onUpdate(ModelFamily before, ModelFamily after) {
                record(after);
                compare(before, after);
            }
        });
        stages = client.batch().v1().jobs().inNamespace(namespace).inform(new Seen<>() {
            @Override
            public void onAdd(Job job) {
                see(job);
            }

            @Override
            public void onUpdate(Job before, Job after) {}
        });
        working = client.pods().inNamespace(namespace).inform(new Seen<>() {
            @Override
            public void onAdd(Pod pod) {
                see(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod after) {
                pods.put(after.getMetadata().getName(), after);
            }

            @Override
            public void onDelete(Pod pod, boolean unknown) {
                pods.remove(pod.getMetadata().getName());
            }
        });
    }

    /** Nothing was seen that may never be. */
    void assertNoOffence() {
        List<String> early = created.entrySet().stream()
                .filter(stage -> recorded.getOrDefault(stage.getKey(), Long.MAX_VALUE) > stage.getValue())
                .map(stage -> "a stage was begun before the status had its input " + stage.getKey())
                .toList();
        assertThat(Stream.concat(offences.stream(), early.stream())).isEmpty();
    }

    @Override
    public void close() {
        families.close();
        stages.close();
        working.close();
    }

    private void record(ModelFamily family) {
        if (family.getStatus() != null) {
            String uid = family.getMetadata().getUid();
            Stream<String> members = family.getStatus().members().stream()
                    .flatMap(member -> member.optionalResult().stream())
                    .map(result -> result.digest());
            Stream<String> parent =
                    family.getStatus().optionalPrepared().stream().map(prepared -> prepared.digest());
            Stream.concat(members, parent)
                    .forEach(digest -> recorded.putIfAbsent(
                            uid + " " + digest,
                            Long.valueOf(family.getMetadata().getResourceVersion())));
        }
    }

    private void compare(ModelFamily before, ModelFamily after) {
        if (before.getStatus() == null || after.getStatus() == null) {
            return;
        }
        if (after.getStatus().observedGeneration() < before.getStatus().observedGeneration()) {
            offence(after, "the observed generation falls");
        }
        if (after.getStatus().observedGeneration() > after.getMetadata().getGeneration()) {
            offence(after, "a generation is observed that is not there yet");
        }
        Map<String, MemberStatus> known = new HashMap<>();
        before.getStatus().members().forEach(member -> known.put(member.key(), member));
        for (MemberStatus member : after.getStatus().members()) {
            MemberStatus old = known.get(member.key());
            if (old != null && !member.key().isEmpty()) {
                compare(after, old, member);
            }
        }
    }

    private void compare(ModelFamily family, MemberStatus old, MemberStatus member) {
        if (member.attempt() < old.attempt()
                || member.failures() < old.failures()
                || member.disruptions() < old.disruptions()
                || member.resumes() < old.resumes()) {
            offence(family, "a counter of " + member.name() + " falls");
        }
        if (old.state() == MemberState.Succeeded && !member.optionalResult().equals(old.optionalResult())) {
            offence(family, "the recorded member " + member.name() + " changes");
        }
    }

    private void see(Job job) {
        if (label(job, "role").equals("stage")) {
            created.putIfAbsent(
                    label(job, "family-uid") + " " + input(job),
                    Long.valueOf(job.getMetadata().getResourceVersion()));
        }
    }

    private void see(Pod pod) {
        String member = label(pod, "member");
        pods.values().stream()
                .filter(other -> label(other, "family-uid").equals(label(pod, "family-uid")))
                .filter(other -> label(other, "member").equals(member) && !member.isEmpty())
                .filter(Witness::isLive)
                .forEach(other -> offences.add("two live pods of " + member + ": "
                        + other.getMetadata().getName() + ", "
                        + pod.getMetadata().getName()));
        pods.put(pod.getMetadata().getName(), pod);
    }

    private static boolean isLive(Pod pod) {
        return pod.getStatus() == null
                || !Set.of("Succeeded", "Failed").contains(pod.getStatus().getPhase());
    }

    private static String input(Job job) {
        try {
            String order =
                    job.getSpec().getTemplate().getMetadata().getAnnotations().get("modelfamily.dev/order");
            return Json.mapper().readValue(order, StageOrder.class).input().digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String label(HasMetadata object, String name) {
        return object.getMetadata().getLabels().getOrDefault("modelfamily.dev/" + name, "");
    }

    private void offence(ModelFamily family, String what) {
        offences.add(family.getMetadata().getName() + ": " + what);
    }

    private abstract static class Seen<T> implements ResourceEventHandler<T> {
        @Override
        public void onDelete(T object, boolean unknown) {}
    }
}
