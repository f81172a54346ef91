package dev.modelfamily.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
class ChildrenTest {
    @Test
    void aChildDiesWithItsJavaMachineHoweverThatEnds() throws Exception {
        Process machine = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long pid;
        try (BufferedReader reader = machine.inputReader()) {
            pid = Long.parseLong(reader.readLine());
        }
        assertThat(isAlive(pid)).isTrue();

        machine.destroyForcibly();

        await().atMost(Workload.PATIENCE).until(() -> !isAlive(pid));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Starts a child, says which, and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws InterruptedException {
            Process child = Children.start(new ProcessBuilder("sleep", "1000"));
            System.out.println(child.pid());
            child.waitFor();
        }
    }
}
