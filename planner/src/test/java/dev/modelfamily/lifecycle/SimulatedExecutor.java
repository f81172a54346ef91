package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.contract.PrepareResult;
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
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An executor without processes: it keeps a family, a storage and attempts in memory and follows the decisions as an executor
 * must. Each decision is checked by {@link Invariants}.
 */
class SimulatedExecutor {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String CLAIMS = "/mnt/claims";
    static final String ROOT = CLAIMS + "/models/fam";

    final ModelFamily family = new ModelFamily();
    final SortedMap<String, PrepareResult> prepared = new TreeMap<>();
    final SortedMap<String, StageResult> finished = new TreeMap<>();
    final SortedMap<String, String> damaged = new TreeMap<>();
    final SortedSet<String> leftovers = new TreeSet<>();
    final List<Attempt> attempts = new ArrayList<>();
    final List<Action> actions = new ArrayList<>();
    final FakeTrainer trainer = new FakeTrainer();
    final Set<String> trainers = new TreeSet<>();
    final List<Attempt> stopping = new ArrayList<>();
    private final List<Observed> memories = new ArrayList<>();
    final Invariants invariants = new Invariants(this);

    Instant now = START;
    Optional<Instant> wakeAt = Optional.empty();
    String root = ROOT;
    String trainerVersion = "1";
    Device device = Device.cpu(2);
    int maxParallel = 1;
    int writes;

    SimulatedExecutor(ModelFamilySpec spec) {
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

    Observed observed() {
        return new Observed(
                surroundings(),
                new TreeMap<>(prepared),
                List.copyOf(attempts),
                new TreeMap<>(finished),
                new TreeMap<>(damaged),
                new TreeSet<>(leftovers));
    }

    StorageLayout layout() {
        return new StorageLayout(root, CLAIMS);
    }

    Surroundings surroundings() {
        trainers.add(trainerVersion);
        return new Surroundings(layout(), "/secrets", trainerVersion, maxParallel, device, new Reporting(0, 5, 2));
    }

    private void perform(Action action) {
        actions.add(action);
        switch (action) {
            case Action.StartPrepare start -> {
                trainer.asked(start.key(), start.order());
                start(Lifecycle.PREPARATION, start.key(), start.attempt());
            }
            case Action.StartStage start -> {
                StageOrder order = start.order();
                trainer.asked(order);
                start(order.member(), order.key(), order.attempt());
                leftovers.add(order.key());
            }
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

    private void start(String member, String key, int number) {
        if (attempts.stream().anyMatch(attempt -> attempt.is(member, key, number))) {
            return;
        }
        Attempt attempt = new Attempt(
                member, key, number, member + "-job-" + number, new Attempt.Seen.Waiting("Created", "", now));
        attempts.add(attempt);
        invariants.created(attempt);
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

    /** The user writes another spec, which nobody has seen yet. */
    void change(ModelFamilySpec spec) {
        family.setSpec(spec);
        family.getMetadata().setGeneration(family.getMetadata().getGeneration() + 1);
    }

    /** Goes on without faults, in hours and days if need be, until nothing is left to happen. */
    void liveOn() {
        for (int turn = 0; turn < 500; turn++) {
            boolean stepped = step();
            boolean stopped = obeyStops();
            if (stepped || stopped) {
                continue;
            }
            Optional<Attempt> next = attempts.stream().filter(Attempt::isLive).findFirst();
            if (next.isPresent()) {
                now = now.plus(Duration.ofMinutes(1));
                if (next.get().seen() instanceof Attempt.Seen.Waiting) {
                    see(next.get(), new Attempt.Seen.Running(Optional.empty()));
                } else {
                    complete(next.get());
                }
            } else if (wakeAt.isPresent()) {
                now = wakeAt.get();
            } else {
                return;
            }
        }
        throw new AssertionError("does not end; status " + status());
    }

    /** Keeps what is seen now, for an executor that sees late. */
    void remember() {
        memories.add(observed());
    }

    /** What was seen three memories ago. */
    Observed memory() {
        return memories.isEmpty() ? observed() : memories.get(Math.max(0, memories.size() - 3));
    }

    /** Writes the result of an attempt, which then ends by itself. */
    void complete(Attempt attempt) {
        if (attempt.member().equals(Lifecycle.PREPARATION)) {
            prepared.put(attempt.key(), trainer.preparation(root, attempt.key()));
        } else {
            finished.putIfAbsent(attempt.key(), trainer.result(root, attempt));
            damaged.remove(attempt.key());
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
}
