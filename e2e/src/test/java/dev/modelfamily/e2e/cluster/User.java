package dev.modelfamily.e2e.cluster;

import java.util.List;

/**
 * Someone who may speak to the API server, with a token.
 *
 * @param groups what else RBAC may bind to; {@code system:masters} may do everything
 */
public record User(String name, List<String> groups) {
    /** May do everything: the tests themselves. */
    public static final User ADMIN = new User("admin", List.of("system:masters"));

    /** May do everything, under a name of its own: the test kubelet. */
    static final User NODE = new User("test-kubelet", List.of("system:masters"));

    /** What RBAC's own bindings let the two controllers of the control plane do. */
    static final User CONTROLLER_MANAGER = of("system:kube-controller-manager");

    static final User SCHEDULER = of("system:kube-scheduler");

    public User {
        groups = List.copyOf(groups);
    }

    /** A user in no group: what it may do is what RBAC grants to its name. */
    public static User of(String name) {
        return new User(name, List.of());
    }

    /** Made up for this run; not a secret. */
    String token() {
        return "token-of-" + name;
    }

    /** Its line in the API server's token file. */
    String line() {
        return token() + "," + name + "," + name + ",\"" + String.join(",", groups) + "\"";
    }
}
