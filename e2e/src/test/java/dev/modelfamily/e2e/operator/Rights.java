package dev.modelfamily.e2e.operator;

import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rights that the chart gives the operator, read from the chart. */
final class Rights {
    private static final Pattern RULES =
            Pattern.compile("\\{\\{- define \"modelfamily\\.rules\" -}}\n(.*?)\\{\\{- end }}", Pattern.DOTALL);
    private static final String RBAC = "rbac.authorization.k8s.io";

    private Rights() {}

    /** Grants them in one namespace, as the chart does with a list of namespaces. */
    static void grant(KubernetesClient client, String namespace, String account, Path root) {
        client.resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withRules(rules(root))
                        .build())
                .create();
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewRoleRef(RBAC, "Role", account)
                        .addNewSubject("", "ServiceAccount", account, namespace)
                        .build())
                .create();
        client.resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(namespace + "-tokens")
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("authentication.k8s.io")
                        .withResources("tokenreviews")
                        .withVerbs("create")
                        .endRule()
                        .build())
                .create();
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(namespace + "-tokens")
                        .endMetadata()
                        .withNewRoleRef(RBAC, "ClusterRole", namespace + "-tokens")
                        .addNewSubject("", "ServiceAccount", account, namespace)
                        .build())
                .create();
    }

    private static List<PolicyRule> rules(Path root) {
        try {
            String helpers = Files.readString(root.resolve("charts/modelfamily-operator/templates/_helpers.tpl"));
            Matcher rules = RULES.matcher(helpers);
            if (!rules.find()) {
                throw new IllegalStateException("the chart has no template modelfamily.rules");
            }
            return List.of(Serialization.unmarshal(rules.group(1), PolicyRule[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
