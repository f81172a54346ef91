package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.StageOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a test lets happen to a family, and what it asks of it afterwards. */
final class World extends SimulatedExecutor {
    World(ModelFamilySpec spec) {
        super(spec);
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

    World prepare() {
        settle();
        Attempt attempt = live(Lifecycle.PREPARATION);
        prepared.put(attempt.key(), trainer.preparation(root, attempt.key()));
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
        change(spec);
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
