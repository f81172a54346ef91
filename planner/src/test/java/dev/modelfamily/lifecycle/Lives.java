package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Plan;
import dev.modelfamily.planner.PlanException;
import dev.modelfamily.planner.Planner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How a family would be made if nothing ever went wrong. */
final class Lives {
    private Lives() {}

    /** The keys of all stages of the world's present spec; empty for a spec that cannot be carried out. */
    static Set<String> keys(SimulatedExecutor world) {
        ModelFamilySpec spec = world.family.getSpec();
        Pass pass = Pass.of(world.family, world.observed(), world.now);
        Orders orders = new Orders(pass);
        PrepareOrder preparation = orders.preparation(false);
        PrepareResult prepared = world.trainer.preparation(world.root, orders.key(preparation), preparation);
        Set<String> keys = new HashSet<>();
        try {
            Plan plan = Planner.plan(spec, ModelShapes.of(prepared.config()), prepared.data(), world.device);
            List<ModelRef> made = new ArrayList<>();
            for (int index = 0; index < spec.members().size(); index++) {
                ModelRef input = spec.originOf(index)
                        .map(spec.members()::indexOf)
                        .map(made::get)
                        .orElse(prepared.parent());
                StageOrder order = orders.stage(
                        spec.members().get(index),
                        plan.members().get(index),
                        ModelShapes.of(prepared.config()),
                        prepared,
                        input);
                keys.add(order.key());
                made.add(new ModelRef("", FakeTrainer.digest(order.key())));
            }
        } catch (PlanException e) {
            return Set.of();
        }
        return keys;
    }
}
