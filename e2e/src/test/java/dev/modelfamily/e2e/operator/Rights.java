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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rights that the chart gives the operator, read from the chart. */
final class Rights {
    /** The name of the lease where nobody gives another. */
    private static final String LEASE = "modelfamily-operator";

    private static final String RBAC = "rbac.authorization.k8s.io";

    private Rights() {}

    /** Grants them in one namespace, as the chart does with a list of namespaces; the operator lives there too. */
    static void grant(KubernetesClient client, String namespace, String account, Path root) {
        List<PolicyRule> there = new ArrayList<>(rules(root, "rules"));
        there.addAll(rules(root, "leaderRules"));
        client.resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withRules(there)
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
        grantEverywhere(client, namespace, account, rules(root, "tokenRules"));
    }

    /** Grants them in all namespaces, as the chart does without a list; the operator works alone. */
    static void grantEverywhere(KubernetesClient client, String namespace, String account, Path root) {
        List<PolicyRule> all = new ArrayList<>(rules(root, "rules"));
        all.addAll(rules(root, "tokenRules"));
        grantEverywhere(client, namespace, account, all);
    }

    private static void grantEverywhere(
            KubernetesClient client, String namespace, String account, List<PolicyRule> rules) {
        String name = namespace + "-" + account;
        client.resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withRules(rules)
                        .build())
                .create();
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewRoleRef(RBAC, "ClusterRole", name)
                        .addNewSubject("", "ServiceAccount", account, namespace)
                        .build())
                .create();
    }

    /** All that the chart may grant. */
    static List<PolicyRule> all(Path root) {
        return Stream.of("rules", "leaderRules", "tokenRules")
                .flatMap(part -> rules(root, part).stream())
                .toList();
    }

    private static List<PolicyRule> rules(Path root, String part) {
        try {
            String helpers = Files.readString(root.resolve("charts/modelfamily-operator/templates/_helpers.tpl"));
            Matcher rules = Pattern.compile(
                            "\\{\\{- define \"modelfamily\\." + part + "\" -}}\n(.*?)\n\\{\\{- end }}", Pattern.DOTALL)
                    .matcher(helpers);
            if (!rules.find()) {
                throw new IllegalStateException("the chart has no template modelfamily." + part);
            }
            String yaml = rules.group(1).replaceAll("\\{\\{ include .*? }}", LEASE);
            return List.of(Serialization.unmarshal(yaml, PolicyRule[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
