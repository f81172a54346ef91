package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.Device;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An executor without processes: it keeps a family, a storage and attempts in memory, follows the decisions as an executor
 * must, and lets a test say what becomes of the attempts. Each decision is checked by {@link Invariants}.
 */
final class World {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String ROOT = "/storage/fam";

    final ModelFamily family = new ModelFamily();
    final SortedMap<String, PrepareResult> prepared = new TreeMap<>();
    final SortedMap<String, StageResult> finished = new TreeMap<>();
    final SortedMap<String, String> damaged = new TreeMap<>();
    final SortedSet<String> leftovers = new TreeSet<>();
    final List<Attempt> attempts = new ArrayList<>();
    final List<Action> actions = new ArrayList<>();
    final FakeTrainer trainer = new FakeTrainer();
    final List<Attempt> stopping = new ArrayList<>();
    final Invariants invariants = new Invariants(this);

    Instant now = START;
    Optional<Instant> wakeAt = Optional.empty();
    String root = ROOT;
    String trainerVersion = "1";
    Device device = Device.cpu(2);
    int maxParallel = 1;
    int writes;

    World(ModelFamilySpec spec) {
        family.setMetadata(new ObjectMetaBuilder()
                .withName("fam")
                .withNamespace("team")
                .withGeneration(1L)
                .build());
        family.setSpec(spec);
    }

    /** One pass: observe, decide, write, act. Whether anything happened. */
    boolean step() {
        return step(observed(), Integer.MAX_VALUE);
    }

    /**
     * One pass of an executor that dies on the way.
     *
     * @param effects how many it has: the write of the status is the first, then each action is one
     */
    boolean step(Observed observed, int effects) {
        Decision decision = Lifecycle.decide(family, observed, now);
        invariants.check(observed, decision);
        wakeAt = decision.wakeAt();
        boolean changed = !decision.status().equals(status());
        int left = effects;
        if (changed) {
            if (left-- <= 0) {
                return true;
            }
            family.setStatus(decision.status());
            writes++;
            invariants.written(observed);
        }
        for (Action action : decision.actions()) {
            if (left-- <= 0) {
                return true;
            }
            perform(action);
        }
        return changed || !decision.actions().isEmpty();
    }

    /** Passes until nothing happens any more; attempts that are stopped end at once. */
    World settle() {
        for (int pass = 0; pass < 30; pass++) {
            boolean moved = step();
            moved |= obeyStops();
            if (!moved) {
                return this;
            }
        }
        throw new AssertionError("does not come to rest; the last actions: "
                + actions.reversed().stream().limit(5).toList());
    }

    Observed observed() {
        return new Observed(
                surroundings(),
                new TreeMap<>(prepared),
                List.copyOf(attempts),
                new TreeMap<>(finished),
                new TreeMap<>(damaged),
                new TreeSet<>(leftovers));
    }

    Surroundings surroundings() {
        return new Surroundings(
                new StorageLayout(root), "/secrets", trainerVersion, maxParallel, device, new Reporting(0, 5, 2));
    }

    private void perform(Action action) {
        actions.add(action);
        switch (action) {
            case Action.StartPrepare start ->
                start(Lifecycle.PREPARATION, start.key(), start.attempt(), Optional.empty());
            case Action.StartStage start ->
                start(start.order().member(), start.order().key(), start.order().attempt(), Optional.of(start.order()));
            case Action.Stop stop ->
                attempts.stream()
                        .filter(attempt -> attempt.isLive() && attempt.is(stop.member(), stop.key(), stop.attempt()))
                        .filter(attempt -> stopping.stream()
                                .noneMatch(known -> known.is(stop.member(), stop.key(), stop.attempt())))
                        .forEach(stopping::add);
            case Action.CleanUp clean -> leftovers.remove(clean.key());
            case Action.EmitEvent event -> {}
        }
    }

    private void start(String member, String key, int number, Optional<StageOrder> order) {
        if (attempts.stream().anyMatch(attempt -> attempt.is(member, key, number))) {
            return;
        }
        Attempt attempt =
                new Attempt(member, key, number, member + "-job-" + number, new Attempt.Seen.Waiting("Created", now));
        attempts.add(attempt);
        invariants.created(attempt);
        order.ifPresent(of -> {
            trainer.asked(of);
            leftovers.add(key);
        });
    }

    /** Ends what was asked to stop, as the trainer does on SIGTERM. */
    boolean obeyStops() {
        boolean any = false;
        for (Attempt stop : List.copyOf(stopping)) {
            for (Attempt attempt : List.copyOf(attempts)) {
                if (attempt.isLive() && attempt.is(stop.member(), stop.key(), stop.number())) {
                    see(attempt, new Attempt.Seen.Exited(143, "terminated; a checkpoint is written", now));
                    any = true;
                }
            }
        }
        stopping.clear();
        return any;
    }

    World prepare() {
        settle();
        Attempt attempt = live(Lifecycle.PREPARATION);
        prepared.put(attempt.key(), trainer.preparation(root, attempt.key(), family.getSpec()));
        see(attempt, new Attempt.Seen.Exited(0, "", now));
        return settle();
    }

    World run(String member) {
        see(live(member), new Attempt.Seen.Running(Optional.empty()));
        return settle();
    }

    World progress(String member, long done, long total) {
        Attempt attempt = live(member);
        Progress progress = new Progress(
                1,
                attempt.key(),
                member,
                attempt.number(),
                "recover",
                done,
                total,
                1000,
                2.5,
                1e-4,
                1,
                (total - done) / 1000.0);
        see(attempt, new Attempt.Seen.Running(Optional.of(progress)));
        return settle();
    }

    World finish(String member) {
        complete(live(member));
        return settle();
    }

    /** Runs the members to their ends, one after the other. */
    World finishAll(String... members) {
        for (String member : members) {
            run(member).advance(Duration.ofMinutes(10)).finish(member);
        }
        return this;
    }

    World exit(String member, int code, String message) {
        see(live(member), new Attempt.Seen.Exited(code, message, now));
        return settle();
    }

    World disrupt(String member, String reason) {
        see(live(member), new Attempt.Seen.Disrupted(reason, "", now));
        return settle();
    }

    World lose(String member) {
        attempts.remove(live(member));
        return settle();
    }

    World advance(Duration time) {
        now = now.plus(time);
        return settle();
    }

    World edit(ModelFamilySpec spec) {
        family.setSpec(spec);
        family.getMetadata().setGeneration(family.getMetadata().getGeneration() + 1);
        return settle();
    }

    World damage(String member, String sentence) {
        String key = member(member).key();
        finished.remove(key);
        damaged.put(key, sentence);
        step();
        damaged.remove(key);
        return settle();
    }

    /** Writes the result of an attempt, which then ends by itself. */
    void complete(Attempt attempt) {
        if (attempt.member().equals(Lifecycle.PREPARATION)) {
            prepared.put(attempt.key(), trainer.preparation(root, attempt.key(), family.getSpec()));
        } else {
            finished.putIfAbsent(attempt.key(), trainer.result(root, attempt));
        }
        see(attempt, new Attempt.Seen.Exited(0, "", now));
    }

    void see(Attempt attempt, Attempt.Seen seen) {
        attempts.set(
                attempts.indexOf(attempt),
                new Attempt(attempt.member(), attempt.key(), attempt.number(), attempt.job(), seen));
    }

    ModelFamilyStatus status() {
        return Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
    }

    MemberStatus member(String name) {
        return status().member(name).orElseThrow(() -> new AssertionError("no member " + name + " in " + status()));
    }

    Attempt live(String member) {
        return attempts.stream()
                .filter(attempt -> attempt.isLive() && attempt.member().equals(member))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no live attempt of " + member + " among " + attempts + "; status " + status()));
    }

    boolean isLive(String member) {
        return attempts.stream()
                .anyMatch(attempt -> attempt.isLive() && attempt.member().equals(member));
    }

    String condition(String type) {
        return status().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(condition -> condition.getStatus())
                .findFirst()
                .orElse("absent");
    }

    String conditionMessage(String type) {
        return status().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(condition -> condition.getMessage())
                .findFirst()
                .orElse("absent");
    }

    List<String> events() {
        return actions.stream()
                .flatMap(action -> action instanceof Action.EmitEvent event
                        ? Stream.of(event.member().isEmpty() ? event.reason() : event.member() + ":" + event.reason())
                        : Stream.empty())
                .toList();
    }

    List<StageOrder> started() {
        return actions.stream()
                .flatMap(
                        action -> action instanceof Action.StartStage start ? Stream.of(start.order()) : Stream.empty())
                .toList();
    }

    PrepareOrder prepareOrder() {
        return actions.stream()
                .flatMap(action ->
                        action instanceof Action.StartPrepare start ? Stream.of(start.order()) : Stream.empty())
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
