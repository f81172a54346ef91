package dev.modelfamily.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/** The programs of Kubernetes, built from source by the script {@code kube/build} or named by {@code KUBE_BINARIES}. */
final class Binaries {
    private static Path folder;

    private Binaries() {}

    /** The program of a component, such as {@code kube-apiserver}. The first call may take minutes: it builds them. */
    static synchronized Path of(String component) {
        if (folder == null) {
            folder = Built.by("kube/build");
        }
        Path program = folder.resolve(component);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException("there is no program " + component + " in " + folder);
        }
        return program;
    }
}
