package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.OnMiss;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where each member stands after what was seen and before anything new is started, in the order of the spec. A member comes
 * after the one that it is made from, so one walk finds every key: from the digest of the input, if that is recorded.
 */
final class Members {
    private final Pass pass;
    private final Ground.Footing footing;
    private final Map<String, String> parentPerplexity;
    private final List<Stand> stands = new ArrayList<>();

    private Members(Pass pass, Ground.Footing footing, Map<String, String> parentPerplexity) {
        this.pass = pass;
        this.footing = footing;
        this.parentPerplexity = parentPerplexity;
    }

    /**
     * The members on a plan.
     *
     * @param parentPerplexity what is known of the parent, by evaluation set; what results say of it is added
     */
    static List<Stand> planned(Pass pass, Ground.Footing footing, Map<String, String> parentPerplexity) {
        return new Members(pass, footing, parentPerplexity).walk();
    }

    /** The members while there is no plan: what runs is followed, what is done stays, nothing else moves. */
    static List<Stand> unplanned(Pass pass, MemberState state, String reason) {
        List<MemberStatus> before = pass.before().members();
        if (before.isEmpty()) {
            before = pass.spec().members().stream()
                    .map(member -> MemberStatus.pending(member.name()))
                    .toList();
        }
        return before.stream()
                .map(member -> retried(pass, seen(pass, member)))
                .map(member -> isAtRest(member)
                        ? member
                        : Draft.of(member).state(state, reason, "").build())
                .map(Stand::of)
                .toList();
    }

    private static boolean isAtRest(MemberStatus member) {
        return Following.isOpen(member)
                || member.optionalResult().isPresent()
                || member.state() == MemberState.Failed
                || member.reason().equals(Reasons.DAMAGED);
    }

    /** An edit gives what has failed another try, also what is only now seen to have failed before it. */
    static MemberStatus retried(Pass pass, MemberStatus member) {
        return pass.isEdited() && member.state() == MemberState.Failed
                ? Draft.of(member).state(MemberState.Pending, "", "").build()
                : member;
    }

    private List<Stand> walk() {
        for (int index = 0; index < pass.spec().members().size(); index++) {
            stands.add(stand(index));
        }
        stands.stream()
                .filter(stand -> stand.misses(OnMiss.Stop))
                .findFirst()
                .ifPresent(missing -> stands.replaceAll(stand -> Waiting.stopped(stand, missing)));
        return List.copyOf(stands);
    }

    private Stand stand(int index) {
        ModelFamilySpec spec = pass.spec();
        MemberSpec member = spec.members().get(index);
        Optional<Stand> origin =
                spec.originOf(index).map(spec.members()::indexOf).map(stands::get);
        Optional<StageOrder> order = input(origin).map(input -> order(index, input));
        MemberStatus before = before(member, order, origin);
        MemberStatus now = retried(pass, seen(pass, adopted(before)));
        if (origin.isEmpty()) {
            learnOfParent(now);
        }
        boolean pruned = origin.filter(from -> from.pruned() || from.misses(OnMiss.Prune))
                .isPresent();
        Stand stand = new Stand(now, order, Gates.judge(member, now, parentPerplexity), pruned);
        return stand.with(new Waiting(pass, stands, isKeyless()).place(stand, origin));
    }

    /** The order of a stage. One that runs or is done stays that of the trainer that it was begun with. */
    private StageOrder order(int index, ModelRef input) {
        Orders orders = new Orders(pass);
        StageOrder order = orders.stage(
                pass.spec().members().get(index),
                footing.plan().members().get(index),
                footing.shape(),
                footing.prepared(),
                input);
        return pass.before().members().stream()
                .filter(old -> Following.isOpen(old) || old.optionalResult().isPresent())
                .filter(old -> Keys.of(order, old.trainer()).equals(old.key()))
                .map(old -> orders.numbered(order, old.key(), 0))
                .findFirst()
                .orElse(order);
    }

    /** The input of a stage; empty while it is not made, and where only the headers of the parent were read. */
    private Optional<ModelRef> input(Optional<Stand> origin) {
        ModelRef parent = footing.prepared().parent();
        return isKeyless()
                ? Optional.empty()
                : origin.map(from -> new Results(pass).made(from.status())).orElseGet(() -> Optional.of(parent));
    }

    /** Whether no stage can be told from another, since only headers were read. Then what is known by names stays. */
    private boolean isKeyless() {
        return footing.prepared().parent().digest().isEmpty();
    }

    /**
     * What was known of this stage: by its key, so that a new name changes nothing. While the input is not there the key is not
     * known; then what is known by the name is kept where the input was there once, and is void otherwise.
     */
    private MemberStatus before(MemberSpec member, Optional<StageOrder> order, Optional<Stand> origin) {
        MemberStatus byName = pass.before().member(member.name()).orElseGet(() -> MemberStatus.pending(member.name()));
        if (order.isEmpty()) {
            boolean kept = isKeyless()
                    || origin.filter(from -> Results.wasMade(from.status())).isPresent();
            boolean ours = byName.key().isEmpty() || (kept && !isTaken(byName.key()));
            return ours ? byName : fresh(pass, byName, "");
        }
        String key = order.get().key();
        if (isTaken(key)) {
            return byName.key().equals(key) && !Following.isOpen(byName) ? byName : fresh(pass, byName, key);
        }
        return pass.before().members().stream()
                .filter(old -> old.key().equals(key))
                .max(Comparator.comparing(Members::isBegun)
                        .thenComparing(old -> old.name().equals(member.name())))
                .map(old -> renamed(old, byName))
                .orElseGet(() -> fresh(pass, byName, key));
    }

    /** The stage under another name, whose next attempt has a number that neither name has used. */
    private static MemberStatus renamed(MemberStatus old, MemberStatus byName) {
        Draft renamed = Draft.of(old).name(byName.name());
        boolean settled = Following.isOpen(old) || old.optionalResult().isPresent();
        return settled
                ? renamed.build()
                : renamed.attempt(Math.max(old.attempt(), byName.attempt())).build();
    }

    /** Whether an earlier member is the same stage; its history is that one's then. */
    private boolean isTaken(String key) {
        return stands.stream().anyMatch(earlier -> earlier.status().key().equals(key));
    }

    private static boolean isBegun(MemberStatus member) {
        return !member.startTime().isEmpty() || member.optionalResult().isPresent();
    }

    /** Another stage under the name: it begins anew, but numbers of attempts are never used twice. */
    static MemberStatus fresh(Pass pass, MemberStatus old, String key) {
        return Draft.of(MemberStatus.pending(old.name()))
                .key(key)
                .trainer(pass.surroundings().trainerVersion())
                .attempt(old.attempt())
                .build();
    }

    /** An attempt that runs, though the status does not know of it, is taken for the present one. */
    private MemberStatus adopted(MemberStatus member) {
        boolean settled = Following.isOpen(member)
                || member.state() == MemberState.Failed
                || member.optionalResult().isPresent();
        return settled || Waiting.twin(stands, member.key()).isPresent() ? member : Following.adopt(pass, member);
    }

    /** The member after what is seen of its result and of its present attempt. */
    private static MemberStatus seen(Pass pass, MemberStatus member) {
        MemberStatus judged = new Results(pass).of(member);
        if (judged.optionalResult().isPresent() || member.optionalResult().isPresent()) {
            return judged;
        }
        MemberStatus followed = new Following(pass, retries(pass, member.name()), pass.isHalted()).follow(judged);
        return Following.isOpen(followed) && !pass.isHalted()
                ? Deadlines.of(pass).ofStage(followed)
                : followed;
    }

    private static Retries retries(Pass pass, String member) {
        ModelFamilySpec spec = pass.spec();
        return new Retries(
                spec.retry(),
                spec.members().stream()
                        .filter(known -> known.name().equals(member))
                        .findFirst()
                        .map(spec::trainingOf)
                        .orElse(spec.training())
                        .checkpointEvery());
    }

    /** The stage of a member made from the parent has measured the parent too. */
    private void learnOfParent(MemberStatus member) {
        StageResult result = pass.seen().finished().get(member.key());
        if (result != null && member.optionalResult().isPresent()) {
            parentPerplexity.putAll(Results.written(result.perplexityOfInput()));
        }
    }
}
