package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.lifecycle.Observed;
import dev.modelfamily.lifecycle.Surroundings;

/** What there is to see for a decision: processes and files. */
record Observer(Surroundings surroundings, Preparations preparations, Attempts attempts, Storage storage) {
    Observed observe(ModelFamilyStatus status) {
        Storage.Content content = storage.look(status);
        return new Observed(
                surroundings,
                preparations.look(),
                attempts.observed(),
                content.finished(),
                content.damaged(),
                content.leftovers());
    }
}
