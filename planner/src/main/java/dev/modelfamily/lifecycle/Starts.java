package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Asks for attempts: first in the status, then by an action, which comes again until the attempt is seen. */
record Starts(Pass pass) {
    /** The members with an attempt asked for wherever a member is ready and a place is free, in the order of the spec. */
    List<Stand> open(List<Stand> stands) {
        int places = Math.max(1, pass.surroundings().maxParallel()) - taken(stands);
        List<Stand> next = new ArrayList<>();
        for (Stand stand : stands) {
            boolean opens = stand.isReady() && places > 0;
            places -= opens ? 1 : 0;
            next.add(opens ? stand.with(Following.open(pass, stand.status())) : stand);
        }
        return List.copyOf(next);
    }

    /** The actions for attempts that are asked for and not seen yet. */
    List<Action> actions(Ground ground, MemberStatus preparing, List<Stand> stands) {
        Stream<Action> preparation = isUnseen(preparing) && !pass.spec().suspend()
                ? ground.order().stream()
                        .map(order -> new Action.StartPrepare(preparing.key(), preparing.attempt(), order))
                : Stream.empty();
        Stream<Action> stages = pass.isHalted()
                ? Stream.empty()
                : stands.stream().filter(stand -> isUnseen(stand.status())).flatMap(stand -> start(stand).stream());
        return Stream.concat(preparation, stages).toList();
    }

    private List<Action> start(Stand stand) {
        MemberStatus member = stand.status();
        return stand.order().stream()
                .<Action>map(order ->
                        new Action.StartStage(new Orders(pass).numbered(order, member.key(), member.attempt())))
                .toList();
    }

    /** Attempts that run, also those that are to stop, and those that were asked for and are not seen yet. */
    private int taken(List<Stand> stands) {
        long live = pass.seen().live().stream()
                .filter(attempt -> !attempt.member().equals(Lifecycle.PREPARATION))
                .count();
        long asked = stands.stream().filter(stand -> isUnseen(stand.status())).count();
        return Math.toIntExact(live + asked);
    }

    private boolean isUnseen(MemberStatus member) {
        return Following.isOpen(member)
                && pass.attempt(member.key(), member.attempt()).isEmpty();
    }
}
