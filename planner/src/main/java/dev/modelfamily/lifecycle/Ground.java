package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Plan;
import dev.modelfamily.planner.PlanException;
import dev.modelfamily.planner.Planner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the stages of a family stand on: a spec that can be carried out, a preparation, and a plan.
 *
 * @param problem why there is no plan and will be none before an edit
 * @param order of the preparation; empty where the spec is not even supported
 * @param key of the preparation; empty like its order
 * @param prepared what the preparation found; empty before it is done
 * @param footing what stages are made from; empty before there is a plan
 */
record Ground(
        Optional<Problem> problem,
        Optional<PrepareOrder> order,
        Optional<String> key,
        Optional<PrepareResult> prepared,
        Optional<Footing> footing) {

    /** A preparation, the spec with the members that a search has come to, and the plan of both. */
    record Footing(PrepareResult prepared, ModelShape shape, ModelFamilySpec spec, Plan plan) {}

    static Ground of(Pass pass) {
        try {
            Support.check(pass.spec());
        } catch (PlanException e) {
            return new Ground(
                    problem("InvalidSpec", e), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
        Orders orders = new Orders(pass);
        PrepareOrder full = orders.preparation(false);
        boolean headersOnly = pass.isPlanOnly() && !pass.seen().prepared().containsKey(key(pass, full));
        PrepareOrder order = headersOnly ? orders.preparation(true) : full;
        String key = key(pass, order);
        return Optional.ofNullable(pass.seen().prepared().get(key))
                .map(result -> planned(pass, order, key, result))
                .orElseGet(() -> new Ground(
                        Optional.empty(), Optional.of(order), Optional.of(key), Optional.empty(), Optional.empty()));
    }

    private static Ground planned(Pass pass, PrepareOrder order, String key, PrepareResult prepared) {
        Optional<Problem> problem;
        Optional<Footing> footing = Optional.empty();
        try {
            ModelShape shape = ModelShapes.of(prepared.config());
            ModelFamilySpec spec = Searching.of(pass.spec(), pass.measured()).applied(shape);
            Plan plan = Planner.plan(
                    spec, shape, prepared.data(), pass.surroundings().device());
            footing = Optional.of(new Footing(prepared, shape, spec, plan));
            problem = order.headersOnly() ? Optional.empty() : gap(pass, prepared);
        } catch (PlanException e) {
            problem = problem("InvalidSpec", e);
        } catch (StageException e) {
            problem = problem("UnsupportedParent", e);
        }
        return new Ground(
                problem,
                Optional.of(order),
                Optional.of(key),
                Optional.of(prepared),
                problem.isPresent() ? Optional.empty() : footing);
    }

    /**
     * The key of a preparation. A family that is complete keeps the one of the trainer that made it: a new trainer is no reason to
     * prepare what nobody will use.
     */
    private static String key(Pass pass, PrepareOrder order) {
        boolean rests = pass.before().phase().equals(Outlook.SUCCEEDED) && !pass.isEdited();
        return pass.before()
                .optionalPreparing()
                .filter(old -> rests && Keys.of(order, old.trainer()).equals(old.key()))
                .map(MemberStatus::key)
                .orElseGet(() -> Keys.of(order, pass.surroundings().trainerVersion()));
    }

    /** What a stage needs and the preparation does not have. */
    private static Optional<Problem> gap(Pass pass, PrepareResult prepared) {
        if (prepared.parent().digest().isEmpty()) {
            return Optional.of(new Problem(
                    "BadPreparation",
                    "the preparation reports no digest of the parent; remove its folder to prepare again"));
        }
        List<String> names = prepared.data().stream()
                .map(PreparedData::ref)
                .map(ref -> ref.name())
                .toList();
        return Stream.concat(
                        Stream.of(DataSource.TRAINING),
                        pass.spec().data().evaluation().stream().map(set -> set.name()))
                .filter(name -> !names.contains(name))
                .findFirst()
                .map(name -> new Problem(
                        "BadPreparation",
                        "the preparation has no data set '" + name + "'; remove its folder to prepare again"));
    }

    private static Optional<Problem> problem(String reason, RuntimeException e) {
        return Optional.of(new Problem(reason, e.getMessage()));
    }
}
