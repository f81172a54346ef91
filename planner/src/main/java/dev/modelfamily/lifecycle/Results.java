package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberResources;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.Figures;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** What finished stages made, and how it comes into the status. */
record Results(Pass pass) {
    /** A member as it is once its result, or the damage of it, is seen. */
    MemberStatus of(MemberStatus member) {
        Optional<StageResult> finished =
                Optional.ofNullable(pass.seen().finished().get(member.key()));
        if (member.optionalResult().isEmpty()) {
            return finished.map(result -> recorded(member, result)).orElse(member);
        }
        String damage = pass.seen().damaged().get(member.key());
        if (damage != null) {
            return damaged(member, damage);
        }
        return finished.map(result -> moved(member, result)).orElse(member);
    }

    /** Whether the member is or once was made, so that what was made from it may still be valid. */
    static boolean wasMade(MemberStatus member) {
        return !member.completionTime().isEmpty();
    }

    /** The member as the input of the next stage: where it is now, with the digest that is recorded. */
    Optional<ModelRef> made(MemberStatus member) {
        return member.state() == MemberState.Succeeded
                ? member.optionalResult().map(result -> new ModelRef(storage().path(result.uri()), result.digest()))
                : Optional.empty();
    }

    /** The number of the attempt that made a member; empty where it lies in another family's storage. */
    OptionalInt attemptOf(MemberStatus member) {
        String path = member.optionalResult()
                .map(result -> storage().path(result.uri()))
                .orElse("");
        String prefix = storage().attempt(member.key(), 0);
        prefix = prefix.substring(0, prefix.length() - 1);
        if (!path.startsWith(prefix) || !path.substring(prefix.length()).matches("[0-9]{1,9}")) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(path.substring(prefix.length())));
    }

    /** The GPUs that a stage of a member uses: 0 without a device that is one; 1 where it does not say. */
    long gpus(String member) {
        if (!pass.surroundings().device().gpu()) {
            return 0;
        }
        Map<String, Quantity> ofTrainer = Optional.ofNullable(
                        pass.spec().trainer().resources().getLimits())
                .orElse(Map.of());
        Map<String, Quantity> limits = pass.spec().members().stream()
                .filter(spec -> spec.name().equals(member))
                .findFirst()
                .flatMap(MemberSpec::optionalResources)
                .map(MemberResources::limits)
                .filter(own -> !own.isEmpty())
                .orElse(ofTrainer);
        long sum = limits.entrySet().stream()
                .filter(limit -> limit.getKey().contains("gpu"))
                .mapToLong(limit -> limit.getValue().getNumericalAmount().longValue())
                .sum();
        return Math.max(1, sum);
    }

    private MemberStatus recorded(MemberStatus member, StageResult result) {
        boolean ours = !member.startTime().isEmpty();
        return Following.close(member, pass.now())
                .job(Following.jobOf(pass, member))
                .state(MemberState.Succeeded, ours ? Reasons.FINISHED : Reasons.REUSED, "")
                .result(Optional.of(status(member, result)))
                .reusedFrom(ours ? "" : origin(member, result))
                .completionTime(pass.stamp())
                .retryTime("")
                .progress(Optional.empty())
                .build();
    }

    /** Whose result it was: the name alone is one of this family's; empty for the member's own. */
    private String origin(MemberStatus member, StageResult result) {
        if (result.member().contains("/")) {
            return result.member();
        }
        return result.member().equals(member.name()) ? "" : pass.qualifiedName() + "/" + result.member();
    }

    /** The time of completion stays: it tells a member that is made again from one that never was. */
    private static MemberStatus damaged(MemberStatus member, String sentence) {
        return Draft.of(member)
                .state(MemberState.Pending, Reasons.DAMAGED, sentence)
                .result(Optional.empty())
                .reusedFrom("")
                .build();
    }

    /** The storage may have moved; what was made is the same. */
    private MemberStatus moved(MemberStatus member, StageResult seen) {
        ResultStatus result = member.optionalResult().orElseThrow();
        String uri = storage().uri(seen.path());
        if (!result.digest().equals(seen.digest()) || result.uri().equals(uri)) {
            return member;
        }
        ResultStatus moved = new ResultStatus(
                uri,
                result.digest(),
                result.parameters(),
                result.bytes(),
                result.perplexityBefore(),
                result.perplexity(),
                result.klToParent(),
                result.ranks(),
                result.tokens(),
                result.gpuSeconds());
        return Draft.of(member).result(Optional.of(moved)).build();
    }

    private ResultStatus status(MemberStatus member, StageResult result) {
        return new ResultStatus(
                storage().uri(result.path()),
                result.digest(),
                result.parameters(),
                result.bytes(),
                written(result.perplexityBefore()),
                written(result.perplexity()),
                "",
                result.ranks(),
                result.tokens(),
                Math.round(gpus(member.name()) * result.seconds()));
    }

    private StorageLayout storage() {
        return pass.surroundings().storage();
    }

    /** Measured values as the status writes them. */
    static SortedMap<String, String> written(Map<String, Double> values) {
        SortedMap<String, String> texts = new TreeMap<>();
        values.forEach((name, value) -> texts.put(name, Figures.measured(value)));
        return texts;
    }
}
