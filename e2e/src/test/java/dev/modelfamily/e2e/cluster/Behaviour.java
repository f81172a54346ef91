package dev.modelfamily.e2e.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What happens in the container of a pod of the test kubelet. */
public sealed interface Behaviour {
    /**
     * The container's command as a process of this machine, with the volumes of the pod.
     *
     * @param image what the image would hold
     */
    record Local(Image image) implements Behaviour {}

    /**
     * Nothing runs; the states of the pod follow one after the other. After the last step the pod runs on until it is deleted.
     *
     * @param exitCodeOnTerm with which the container ends when the pod is deleted
     */
    record Play(List<Step> steps, int exitCodeOnTerm) implements Behaviour {
        public Play {
            steps = List.copyOf(steps);
        }
    }

    /** One step of a play. */
    sealed interface Step {
        /** The container runs, for a while. */
        record Runs(Duration duration) implements Step {}

        /** The container runs until the test says so. */
        record RunsUntil(CompletionStage<?> signal) implements Step {}

        /** The container ends; this is the last step. */
        record Exits(int code, String message) implements Step {}

        /** The kernel kills the container for its memory; this is the last step. */
        record RunsOutOfMemory() implements Step {}

        /** The node evicts the pod for want of a resource; this is the last step. */
        record IsEvicted(String message) implements Step {}

        /** The container waits, and never starts: {@code ImagePullBackOff} or the like; this is the last step. */
        record NeverStarts(String reason, String message) implements Step {}
    }

    /** Steps, one after the other; exit code 143 when the pod is deleted before. */
    static Play play(Step... steps) {
        return new Play(List.of(steps), 143);
    }

    /** Runs for a while and ends well. */
    static Play succeeds(Duration after, String message) {
        return play(new Step.Runs(after), new Step.Exits(0, message));
    }

    /** Runs for a while and ends with an exit code. */
    static Play fails(Duration after, int code, String message) {
        return play(new Step.Runs(after), new Step.Exits(code, message));
    }

    /** Runs until the pod is deleted. */
    static Play hangs() {
        return play(new Step.RunsUntil(new CompletableFuture<>()));
    }
}
