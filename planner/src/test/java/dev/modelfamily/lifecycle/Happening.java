package dev.modelfamily.lifecycle;

import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.StageResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** One thing that happens in the life of a family. A number picks one of those that it can happen to; of none, nothing does. */
sealed interface Happening {
    /** A pass of the executor. */
    record Pass() implements Happening {}

    /** A pass in which the executor dies after some effects, and comes back; its attempts may die with it. */
    record DyingPass(int effects, boolean attemptsSurvive) implements Happening {}

    /** A pass on what was seen before: what has ended since still looks alive, what is new is not there yet. */
    record LatePass() implements Happening {}

    /** Time passes. */
    record Time(int minutes) implements Happening {}

    /** An attempt gets its place and runs. */
    record Runs(int which) implements Happening {}

    /** A running attempt reports. */
    record Reports(int which, int percent) implements Happening {}

    /** An attempt comes to its end with a result. */
    record Completes(int which) implements Happening {}

    /** An attempt ends with an exit code and without a result. */
    record Exits(int which, int code) implements Happening {}

    /** An attempt is evicted. */
    record IsDisrupted(int which) implements Happening {}

    /** An attempt is gone without a trace. */
    record IsLost(int which) implements Happening {}

    /** Attempts that were told to stop have stopped. */
    record StopsAreObeyed() implements Happening {}

    /** A finished member is damaged. */
    record IsDamaged(int which) implements Happening {}

    /** The preparation's folder is gone. */
    record PreparationIsGone() implements Happening {}

    /** The user writes another spec. */
    record Edit(Specs spec) implements Happening {}

    /** Lets it happen in a world. */
    default void in(SimulatedExecutor world) {
        switch (this) {
            case Pass pass -> world.step();
            case DyingPass dying -> {
                world.step(world.observed(), dying.effects());
                if (!dying.attemptsSurvive()) {
                    world.attempts.removeIf(Attempt::isLive);
                }
            }
            case LatePass late -> world.step(late(world), Integer.MAX_VALUE);
            case Time time -> world.now = world.now.plus(Duration.ofMinutes(time.minutes()));
            case Runs runs ->
                pick(world, runs.which())
                        .ifPresent(attempt -> world.see(attempt, new Attempt.Seen.Running(Optional.empty())));
            case Reports reports ->
                pick(world, reports.which())
                        .ifPresent(attempt -> world.see(
                                attempt, new Attempt.Seen.Running(Optional.of(progress(attempt, reports.percent())))));
            case Completes completes -> pick(world, completes.which()).ifPresent(world::complete);
            case Exits exits ->
                pick(world, exits.which())
                        .ifPresent(attempt ->
                                world.see(attempt, new Attempt.Seen.Exited(exits.code(), "as it was told", world.now)));
            case IsDisrupted disrupted ->
                pick(world, disrupted.which())
                        .ifPresent(attempt -> world.see(attempt, new Attempt.Seen.Disrupted("Evicted", "", world.now)));
            case IsLost lost -> pick(world, lost.which()).ifPresent(world.attempts::remove);
            case StopsAreObeyed stops -> world.obeyStops();
            case IsDamaged damaged -> {
                List<String> keys = List.copyOf(world.finished.keySet());
                if (!keys.isEmpty()) {
                    String key = keys.get(damaged.which() % keys.size());
                    world.finished.remove(key);
                    world.damaged.put(key, "its weights have another digest");
                }
            }
            case PreparationIsGone gone -> world.prepared.clear();
            case Edit edit -> world.change(edit.spec().build());
        }
        world.remember();
    }

    private static Optional<Attempt> pick(SimulatedExecutor world, int which) {
        List<Attempt> live = world.attempts.stream().filter(Attempt::isLive).toList();
        return live.isEmpty() ? Optional.empty() : Optional.of(live.get(which % live.size()));
    }

    private static Progress progress(Attempt attempt, int percent) {
        return new Progress(
                1,
                attempt.key(),
                attempt.member(),
                attempt.number(),
                "recover",
                percent * 10_000L,
                1_000_000,
                1000,
                2,
                0,
                1,
                9);
    }

    /** What was seen some happenings ago, with nothing running that is not reported, and no result that is damaged by now. */
    private static Observed late(SimulatedExecutor world) {
        Observed now = world.observed();
        Observed then = world.memory();
        List<Attempt> attempts = now.attempts().stream()
                .map(attempt -> then.attempts().stream()
                        .filter(old -> old.is(attempt.member(), attempt.key(), attempt.number()))
                        .findFirst()
                        .orElse(attempt))
                .toList();
        TreeMap<String, StageResult> finished = new TreeMap<>(then.finished());
        finished.keySet().retainAll(now.finished().keySet());
        return new Observed(
                now.surroundings(), now.prepared(), attempts, finished, now.damaged(), new TreeSet<>(then.leftovers()));
    }
}
