package dev.modelfamily.api.v1alpha1;

/**
 * The rules of the API that look at more than one field, in the Common Expression Language as the API server speaks it.
 * A message that names an element of a list begins with its path, such as {@code members[2].size: }.
 */
final class Rules {
    static final String SIZE_IS_IN_RANGE =
            "self.size.matches('^([1-9][0-9]{0,17}|[0-9]{1,12}(\\\\.[0-9]{1,6})?[kMGBT])$')"
                    + " || self.size.matches('^(100(\\\\.0{1,6})?|[1-9][0-9](\\\\.[0-9]{1,6})?|[5-9](\\\\.[0-9]{1,6})?)%$')";
    static final String SIZE_IS_IN_RANGE_MESSAGE =
            "write a share of the parent from 5% to 100%, such as 80%, or a count of parameters such as 3300M or 1.2B";

    private static final String SAME_TEXTS = " && (has(e.subset) ? e.subset : '') == (has(t.subset) ? t.subset : '')"
            + " && (has(e.split) ? e.split : '') == (has(t.split) ? t.split : '')";
    private static final String IS_TRAINED_ON = "[self.training].exists(t, has(t.uri) && e.uri == t.uri" + SAME_TEXTS
            + ")" + " || (has(self.training.mix) && self.training.mix.exists(t, e.uri == t.uri" + SAME_TEXTS + "))";

    static final String EVALUATION_IS_NOT_TRAINING =
            "!has(self.evaluation) || !self.evaluation.exists(e, " + IS_TRAINED_ON + ")";
    static final String EVALUATION_IS_NOT_TRAINING_MESSAGE = "'evaluation set ' + self.evaluation.filter(e, "
            + IS_TRAINED_ON + ")[0].name + ' is also trained on; give it other texts or another split'";

    private Rules() {}
}
