package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.TrainingSpec;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.PreparedData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** From a family and the shape of its parent to a plan. */
public final class Planner {
    private final ModelFamilySpec spec;
    private final ModelShape parent;
    private final long parentParameters;
    private final DataBudget data;
    private final Device device;
    private final List<MemberPlan> members = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Planner(ModelFamilySpec spec, ModelShape parent, DataBudget data, Device device) {
        this.spec = spec;
        this.parent = parent;
        this.parentParameters = Parameters.of(parent);
        this.data = data;
        this.device = device;
    }

    /**
     * The plan before data was read: each stage trains on the tokens it asks for, and evaluation sets are as long as their
     * {@code maxWindows}.
     *
     * @throws PlanException where the family cannot be made, with the path of the field and what would be possible
     */
    public static Plan plan(ModelFamilySpec spec, ModelShape parent, Device device) {
        return plan(spec, parent, List.of(), device);
    }

    /**
     * The plan on prepared data.
     *
     * @param spec with its members; those of a search come from {@link Search#applied}
     * @throws PlanException where the family cannot be made, with the path of the field and what would be possible
     */
    public static Plan plan(ModelFamilySpec spec, ModelShape parent, List<PreparedData> data, Device device) {
        check(spec);
        return new Planner(spec, parent, new DataBudget(spec, data), device).run();
    }

    /**
     * Refuses what no parent and no data could make possible.
     *
     * @throws PlanException that names the field and what works
     */
    public static void check(ModelFamilySpec spec) {
        MethodCheck.run(spec.method());
        if (spec.members().isEmpty() && spec.optionalSearch().isEmpty()) {
            throw new PlanException("members", "the family has none; list at least one with name, size and tokens");
        }
    }

    /**
     * How a member trains: complete, and with the sequence length of the defaults cut to the parent's context, which nobody
     * can know who left it out.
     */
    public static TrainingSpec training(ModelFamilySpec spec, MemberSpec member, ModelShape parent) {
        TrainingSpec training = spec.trainingOf(member);
        boolean usual = training.sequenceLength().equals(TrainingSpec.DEFAULT.sequenceLength());
        return usual && parent.maxPositions() < training.sequenceLength()
                ? new TrainingSpec(null, parent.maxPositions(), null, null, null, null, null, null, null, null)
                        .over(training)
                : training;
    }

    private Plan run() {
        for (int index = 0; index < spec.members().size(); index++) {
            members.add(member(index));
        }
        if (isGlobal()) {
            notes.add(
                    "method.allocation: Global finds the ranks when a stage knows the member that it cuts; sizes hold,"
                            + " ranks in this plan are an estimate");
        }
        return new Plan(parentParameters, device, List.copyOf(members), List.copyOf(notes));
    }

    private MemberPlan member(int index) {
        MemberSpec member = spec.members().get(index);
        String path = "members[" + index + "]";
        TrainingSpec training = training(spec, member, parent);
        new TrainingCheck(path, training, parent).run();
        int origin = spec.originOf(index).map(spec.members()::indexOf).orElse(-1);
        ModelShape input = origin < 0 ? parent : members.get(origin).shape();
        long asked = asked(path, member, origin);
        UniformRanks method = new UniformRanks(input);
        long outside = Parameters.outsideOfLinears(parent);
        SortedMap<String, Integer> ranks = method.within(
                        asked - outside, spec.method().rankMultiple())
                .orElseThrow(() -> tooSmall(path, member, outside + method.smallest()));
        ModelShape shape = input.withRanks(ranks);
        Costs costs = new Costs(shape);
        long tokens = data.trained(path, member.tokenCount(), notes::add);
        double trainingFlops =
                tokens * (costs.training(training.sequenceLength()) + teacherFlops(training.sequenceLength()));
        double evaluationFlops = evaluationFlops(costs, origin, training.sequenceLength());
        long recovery = costs.peakMemory(training) + teacherMemory(training);
        long memory = Math.max(recovery, cutMemory(input, training));
        noteMemory(path, memory);
        return new MemberPlan(
                member.name(),
                origin,
                asked,
                shape,
                method.multiple(spec.method().rankMultiple()),
                isGlobal() ? asked : Parameters.of(shape),
                ranks,
                costs.exportBytes(),
                tokens,
                trainingFlops,
                evaluationFlops,
                memory,
                (trainingFlops + evaluationFlops) / device.flops() / 3600);
    }

    private boolean isGlobal() {
        return spec.method().allocation() == Allocation.Global;
    }

    private boolean distils() {
        return spec.method().recovery() == RecoveryLoss.Distillation;
    }

    private long cutMemory(ModelShape input, TrainingSpec training) {
        return spec.method().truncation() == Truncation.Plain
                ? 0
                : new Costs(input).cutMemory(spec.method(), training.sequenceLength());
    }

    private long teacherMemory(TrainingSpec training) {
        if (!distils()) {
            return 0;
        }
        boolean hidden = spec.method().distillation().hiddenStateFactor() > 0;
        return new Costs(parent).exportBytes() + (hidden ? new Costs(parent).hiddenStates(training) : 0);
    }

    /** Operations of one token forward through the parent, where a member learns from it. */
    private double teacherFlops(int sequenceLength) {
        return distils() ? new Costs(parent).forward(sequenceLength) : 0;
    }

    private long asked(String path, MemberSpec member, int origin) {
        long asked = member.parameters(parentParameters);
        if (asked > parentParameters) {
            throw new PlanException(
                    path + ".size",
                    member.size() + " is larger than the parent (" + written(parentParameters)
                            + " parameters); a member can only be smaller");
        }
        Optional<MemberPlan> input = origin < 0 ? Optional.empty() : Optional.of(members.get(origin));
        input.filter(from -> asked >= from.asked()).ifPresent(from -> {
            throw new PlanException(
                    path + ".size",
                    member.size() + " is not smaller than its input member '" + from.name() + "' ("
                            + spec.members().get(origin).size() + ", " + written(from.asked())
                            + " parameters); sizes must fall along a chain");
        });
        return asked;
    }

    private PlanException tooSmall(String path, MemberSpec member, long smallest) {
        return new PlanException(
                path + ".size",
                member.size() + " is too small: embedding, norms and linears of rank 1 need " + written(smallest)
                        + " parameters already, " + Figures.percent((double) smallest / parentParameters)
                        + " of the parent; ask for more");
    }

    /** Each set once after the cut and once after recovery, and once on a parent that is the input. */
    private double evaluationFlops(Costs costs, int origin, int sequenceLength) {
        double once = data.evaluated(sequenceLength) * costs.forward(sequenceLength);
        double ofParent = origin < 0 ? data.evaluated(sequenceLength) * new Costs(parent).forward(sequenceLength) : 0;
        return 2 * once + ofParent;
    }

    private void noteMemory(String path, long memory) {
        if (device.memoryBytes() > 0 && memory > device.memoryBytes()) {
            notes.add(path + ": needs about " + Figures.bytes(memory) + ", but " + device.name() + " has "
                    + Figures.bytes(device.memoryBytes()));
        }
    }

    private static String written(long parameters) {
        return Figures.count(parameters);
    }
}
