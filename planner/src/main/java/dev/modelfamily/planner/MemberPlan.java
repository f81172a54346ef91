package dev.modelfamily.planner;

import java.util.SortedMap;

/**
 * What one member will be and cost.
 *
 * @param input the index of the member that it is made from; -1 for the parent
 * @param asked the parameters that the user asked for
 * @param parameters of the whole member: exact, but for global allocation, which comes within a thousandth of what was asked
 * @param ranks the rank of each linear that becomes or stays factored; for global allocation, whose ranks the stage finds, those of
 *     a uniform one as an estimate
 * @param bytes of the exported weights
 * @param tokens that it is trained on: what was asked, or what the data has if it ends before
 * @param trainingFlops floating point operations of recovery
 * @param evaluationFlops of all evaluations of the stage
 * @param memoryBytes the highest memory of the stage
 * @param hours on the device of the plan
 */
public record MemberPlan(
        String name,
        int input,
        long asked,
        ModelShape shape,
        int rankMultiple,
        long parameters,
        SortedMap<String, Integer> ranks,
        long bytes,
        long tokens,
        double trainingFlops,
        double evaluationFlops,
        long memoryBytes,
        double hours) {
    /** Training and evaluation together. */
    public double flops() {
        return trainingFlops + evaluationFlops;
    }
}
