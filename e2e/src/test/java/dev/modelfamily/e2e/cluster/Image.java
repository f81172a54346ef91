package dev.modelfamily.e2e.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a container image would hold, as files of this machine.
 *
 * @param entrypoint the command where the pod gives none; the pod's arguments follow it
 * @param environment that the image sets; the pod's goes over it
 * @param files folders of this machine by where the container finds them, read-only; all else it sees where it is, unless a
 *     volume lies over it
 */
public record Image(List<String> entrypoint, Map<String, String> environment, Map<String, Path> files) {
    public Image {
        entrypoint = List.copyOf(entrypoint);
        environment = Map.copyOf(environment);
        files = Map.copyOf(files);
    }
}
