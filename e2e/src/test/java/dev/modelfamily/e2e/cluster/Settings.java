package dev.modelfamily.e2e.cluster;

import java.util.List;

/**
 * How a control plane differs from the usual one.
 *
 * @param users beside the admin
 * @param apiServer further arguments of the API server, such as {@code --feature-gates=...}
 * @param controllerManager further arguments of the controller manager
 */
public record Settings(List<User> users, List<String> apiServer, List<String> controllerManager) {
    public static final Settings DEFAULT = new Settings(List.of(), List.of(), List.of());

    public Settings {
        users = List.copyOf(users);
        apiServer = List.copyOf(apiServer);
        controllerManager = List.copyOf(controllerManager);
    }

    public Settings withUsers(User... more) {
        return new Settings(List.of(more), apiServer, controllerManager);
    }

    public Settings withApiServer(String... arguments) {
        return new Settings(users, List.of(arguments), controllerManager);
    }

    public Settings withControllerManager(String... arguments) {
        return new Settings(users, apiServer, List.of(arguments));
    }
}
