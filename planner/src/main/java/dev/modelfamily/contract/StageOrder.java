package dev.modelfamily.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * One stage of one family, as the trainer gets it.
 *
 * @param version of the contract, {@value #VERSION}
 * @param key the stage's identity: a content digest of everything that shapes the result
 * @param attempt counts from 1
 * @param input the member that is cut
 * @param parent the pre-trained model of the family, for its tokenizer, model card and as teacher
 * @param calibration null where the cut measures nothing
 * @param parentName what the user wrote as parent URI and its resolved revision, for the model card
 */
public record StageOrder(
        int version,
        String key,
        String family,
        String member,
        int attempt,
        ModelRef input,
        ModelRef parent,
        String parentName,
        DataRef training,
        @JsonInclude(JsonInclude.Include.NON_NULL) Calibration calibration,
        List<DataRef> evaluation,
        Cut cut,
        Recovery recovery,
        Places places,
        Reporting reporting) {
    /** The version of the contract that this program speaks. */
    public static final int VERSION = 1;
}
