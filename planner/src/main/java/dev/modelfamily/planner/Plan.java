package dev.modelfamily.planner;

import java.util.List;

/**
 * What a family will be and cost, known before a stage starts.
 *
 * @param parentParameters tied weights counted once
 * @param members in the order of the spec
 * @param notes what the user should know: data that is used more than once, memory that the device does not have
 */
public record Plan(long parentParameters, Device device, List<MemberPlan> members, List<String> notes) {
    /** Tokens trained over all members. */
    public long tokens() {
        return members.stream().mapToLong(MemberPlan::tokens).sum();
    }

    /** Floating point operations of training and evaluation over all members. */
    public double flops() {
        return members.stream().mapToDouble(MemberPlan::flops).sum();
    }

    /** Hours on the device, one stage after the other. */
    public double hours() {
        return members.stream().mapToDouble(MemberPlan::hours).sum();
    }
}
