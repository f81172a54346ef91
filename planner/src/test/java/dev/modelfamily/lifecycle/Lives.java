package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Plan;
import dev.modelfamily.planner.PlanException;
import dev.modelfamily.planner.Planner;
import dev.modelfamily.planner.Search;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** How a family would be made if nothing ever went wrong. */
final class Lives {
    private Lives() {}

    /**
     * The keys of all stages of the world's present spec, each by any of the trainers that there were; empty for a spec that cannot
     * be carried out.
     */
    static Set<String> keys(SimulatedExecutor world) {
        ModelFamilySpec written = world.family.getSpec();
        Orders orders = new Orders(Pass.of(world.family, world.observed(), world.now));
        PrepareOrder preparation = orders.preparation(false);
        PrepareResult prepared = world.trainer.preparation(world.root, "any", preparation);
        ModelShape shape = ModelShapes.of(prepared.config());
        try {
            ModelFamilySpec spec = Search.applied(
                    written,
                    shape,
                    tried -> OptionalDouble.of(world.trainer.perplexityOf(tried.name()) / FakeTrainer.OF_PARENT));
            Plan plan = Planner.plan(spec, shape, prepared.data(), world.device);
            List<Set<String>> keys = new ArrayList<>();
            for (int index = 0; index < spec.members().size(); index++) {
                Set<String> inputs = spec.originOf(index)
                        .map(spec.members()::indexOf)
                        .map(keys::get)
                        .orElse(Set.of("parent"));
                Set<String> own = new HashSet<>();
                for (String input : inputs) {
                    ModelRef model =
                            input.equals("parent") ? prepared.parent() : new ModelRef("", FakeTrainer.digest(input));
                    for (String trainer : world.trainers) {
                        own.add(Keys.of(
                                orders.stage(
                                        spec.members().get(index),
                                        plan.members().get(index),
                                        shape,
                                        prepared,
                                        model),
                                trainer));
                    }
                }
                keys.add(own);
            }
            Set<String> all = new HashSet<>();
            keys.forEach(all::addAll);
            return all;
        } catch (PlanException e) {
            return Set.of();
        }
    }
}
