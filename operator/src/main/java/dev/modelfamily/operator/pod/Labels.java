package dev.modelfamily.operator.pod;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.lifecycle.Lifecycle;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What marks the objects of a family. */
public final class Labels {
    /** The label and value that all objects of this operator carry. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    public static final String OPERATOR = "modelfamily-operator";
    /** What an informer asks for. */
    public static final String SELECTOR = MANAGED_BY + "=" + OPERATOR;
    /** The name of the family. */
    public static final String FAMILY = "modelfamily.dev/family";
    /** The UID of the family: one of the same name may come after it. */
    public static final String FAMILY_UID = "modelfamily.dev/family-uid";
    /** The name of the member; {@link Lifecycle#PREPARATION} for the preparation. */
    public static final String MEMBER = "modelfamily.dev/member";
    /** The number of the attempt. */
    public static final String ATTEMPT = "modelfamily.dev/attempt";
    /** What the Job does: a {@link Role}. */
    public static final String ROLE = "modelfamily.dev/role";
    /** Annotation: the key of the stage or preparation, which is longer than a label may be. */
    public static final String KEY = "modelfamily.dev/key";
    /** Annotation of the pod: the order, which the trainer sees as a file. */
    public static final String ORDER = "modelfamily.dev/order";
    /** Annotation of the pod: the certificates that the progress endpoint is trusted by, as a file too. */
    public static final String PROGRESS_CA = "modelfamily.dev/progress-ca";
    /** Kueue's label: the LocalQueue that the Job waits in. */
    public static final String QUEUE = "kueue.x-k8s.io/queue-name";
    /** What the Job controller labels pods with: the name of their Job. */
    public static final String JOB_NAME = "batch.kubernetes.io/job-name";

    /** What a Job does. */
    public enum Role {
        prepare,
        stage,
        cleanup
    }

    private Labels() {}

    static Map<String, String> of(ModelFamily family, Role role, String member, int attempt) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("app.kubernetes.io/name", "modelfamily-trainer");
        labels.put(MANAGED_BY, OPERATOR);
        labels.put("app.kubernetes.io/component", role.name());
        labels.put(ROLE, role.name());
        labels.put(FAMILY, family.getMetadata().getName());
        labels.put(FAMILY_UID, family.getMetadata().getUid());
        labels.put(MEMBER, member);
        labels.put(ATTEMPT, Integer.toString(attempt));
        return labels;
    }

    /** The value of a label; empty where it is not there. */
    public static String label(HasMetadata object, String name) {
        return Optional.ofNullable(object.getMetadata().getLabels())
                .map(labels -> labels.get(name))
                .orElse("");
    }

    /** The value of an annotation; empty where it is not there. */
    public static String annotation(HasMetadata object, String name) {
        return Optional.ofNullable(object.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(name))
                .orElse("");
    }

    /** Whether an object does this work. */
    public static boolean isOf(HasMetadata object, Role role) {
        return label(object, ROLE).equals(role.name());
    }
}
