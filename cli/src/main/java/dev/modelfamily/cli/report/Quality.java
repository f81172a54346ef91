package dev.modelfamily.cli.report;

/**
 * How good a member is on one evaluation set. Perplexities are NaN where they were not measured.
 *
 * @param before after the cut, before recovery
 * @param after of the finished member
 * @param parent of the family's parent
 * @param ratio {@code after / parent}
 * @param gapClosed the share of the loss that the cut added which recovery took away again, in nats:
 *     {@code (ln before - ln after) / (ln before - ln parent)}; NaN where the cut added none
 */
record Quality(String set, double before, double after, double parent, double ratio, double gapClosed) {
    static Quality of(String set, double before, double after, double parent) {
        double gap = Math.log(before) - Math.log(parent);
        double closed = gap > 0 ? (Math.log(before) - Math.log(after)) / gap : Double.NaN;
        return new Quality(set, before, after, parent, after / parent, closed);
    }

    boolean isMeasured() {
        return !Double.isNaN(before) || !Double.isNaN(after);
    }
}
