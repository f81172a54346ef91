package dev.modelfamily.e2e.operator;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What an operator makes in a namespace. */
interface FamilyObjects {
    KubernetesClient client();

    String namespace();

    /** The Jobs, by the member that they work on. */
    default Map<String, List<Job>> jobs() {
        return byMember(
                client().batch().v1().jobs().inNamespace(namespace()).list().getItems());
    }

    /** The Jobs of one family, by the member that they work on. */
    default Map<String, List<Job>> jobs(String family) {
        return byMember(client().batch()
                .v1()
                .jobs()
                .inNamespace(namespace())
                .withLabel("modelfamily.dev/family", family)
                .list()
                .getItems());
    }

    private static Map<String, List<Job>> byMember(List<Job> jobs) {
        return jobs.stream()
                .collect(Collectors.groupingBy(
                        job -> job.getMetadata().getLabels().get("modelfamily.dev/member")));
    }

    /** The pod of a member. */
    default Pod pod(String member) {
        return client().pods()
                .inNamespace(namespace())
                .withLabel("modelfamily.dev/member", member)
                .list()
                .getItems()
                .getFirst();
    }

    /** The reasons of the events about a family. */
    default List<String> events(String name) {
        return client().v1().events().inNamespace(namespace()).list().getItems().stream()
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .filter(event -> "ModelFamily".equals(event.getInvolvedObject().getKind()))
                .map(Event::getReason)
                .toList();
    }
}
