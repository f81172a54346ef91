package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.PreparedData;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * How many tokens there are.
 *
 * @param prepared the tokenised sets; empty before the preparation
 */
record DataBudget(ModelFamilySpec spec, List<PreparedData> prepared) {
    /** The tokens that a stage trains on, with a note where it asks for more than the data has. */
    long trained(String path, long asked, Consumer<String> note) {
        OptionalLong available = tokens(DataSource.TRAINING);
        if (available.isEmpty() || asked <= available.getAsLong()) {
            return asked;
        }
        long has = available.getAsLong();
        String more = path + ".tokens: " + Figures.count(asked) + " is more than the " + Figures.count(has)
                + " tokens of the training data; ";
        return switch (spec.data().onEnd()) {
            case OnDataEnd.Repeat -> {
                note.accept(more + String.format(Locale.ROOT, "they are read %.1f times", (double) asked / has));
                yield asked;
            }
            case OnDataEnd.Stop -> {
                note.accept(more + "the stage ends when they are read once, as data.onEnd says");
                yield has;
            }
        };
    }

    /** The tokens of all evaluation sets, as far as they are known. */
    double evaluated(int sequenceLength) {
        double sum = 0;
        for (EvaluationSpec set : spec.data().evaluation()) {
            OptionalLong has = tokens(set.name());
            double most = (double) set.maxWindows() * sequenceLength;
            if (has.isEmpty()) {
                sum += most;
            } else {
                sum += set.maxWindows() == 0 ? has.getAsLong() : Math.min(most, (double) has.getAsLong());
            }
        }
        return sum;
    }

    private OptionalLong tokens(String name) {
        return prepared.stream()
                .filter(data -> data.ref().name().equals(name))
                .mapToLong(PreparedData::tokens)
                .findFirst();
    }
}
