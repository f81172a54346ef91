package dev.modelfamily.e2e.operator;

import dev.modelfamily.e2e.cluster.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The quickstart as it is applied to a cluster, with other numbers of tokens. */
final class Quickstart {
    /** Of the family. */
    static final String NAME = "quickstart";

    private Quickstart() {}

    /** Copies the parent and the texts to where the family looks for them. */
    static void copyInputs(Path volume) {
        Folders.copy(Place.ROOT.resolve("examples/quickstart"), volume.resolve("files"));
    }

    /**
     * The family, with one thread a stage, so that a machine that is busy with other things is slow but not lost.
     *
     * @param node that its pods go to
     * @param tokens of the first member, of the second, and of the third
     */
    static String family(String node, String... tokens) throws IOException {
        String trainer = "\n  trainer:\n";
        String limits = "limits: {memory: 3Gi}";
        String text = Files.readString(Place.ROOT.resolve("examples/cluster-quickstart/family.yaml"));
        text = replaced(text, trainer, trainer + "    nodeSelector: {kubernetes.io/hostname: " + node + "}\n");
        text = replaced(text, limits, "limits: {memory: 3Gi, cpu: \"1\"}");
        for (String some : tokens) {
            text = replaced(text, "tokens: 120k", "tokens: " + some);
        }
        return text;
    }

    /** With the first of one text replaced by another. */
    private static String replaced(String text, String one, String other) {
        int at = text.indexOf(one);
        if (at < 0) {
            throw new IllegalStateException("the example has no '" + one + "' any more");
        }
        return text.substring(0, at) + other + text.substring(at + one.length());
    }
}
