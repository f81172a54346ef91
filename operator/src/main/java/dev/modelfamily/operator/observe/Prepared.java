package dev.modelfamily.operator.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.PreparedDataStatus;
import dev.modelfamily.api.v1alpha1.PreparedStatus;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.StageOrder;
import java.util.Optional;
import java.util.SortedMap;

/** What the preparation found, as the status keeps it: the operator cannot look into the storage. */
public final class Prepared {
    private Prepared() {}

    /** A status that keeps the preparation that it speaks of, once that is known. */
    public static ModelFamilyStatus kept(ModelFamilyStatus status, SortedMap<String, PrepareResult> known) {
        String wanted = status.optionalPreparing().map(MemberStatus::key).orElse("");
        return Optional.ofNullable(known.get(wanted))
                .map(result -> status.withPrepared(written(wanted, result)))
                .orElse(status);
    }

    static PreparedStatus written(String key, PrepareResult result) {
        return new PreparedStatus(
                key,
                result.parent().path(),
                result.parent().digest(),
                result.revision(),
                result.parameters(),
                Json.line(result.config()),
                result.data().stream().map(Prepared::written).toList());
    }

    private static PreparedDataStatus written(PreparedData data) {
        return new PreparedDataStatus(
                data.ref().name(),
                data.ref().path(),
                data.ref().digest(),
                data.revision(),
                data.ref().maxWindows(),
                data.tokens(),
                data.documents(),
                data.badLines());
    }

    /** What was kept; empty where it cannot be read any more, and then it is found anew. */
    static Optional<PrepareResult> read(PreparedStatus kept) {
        try {
            JsonNode config = Json.mapper().readTree(kept.config());
            return Optional.of(new PrepareResult(
                    StageOrder.VERSION,
                    new ModelRef(kept.path(), kept.digest()),
                    kept.revision(),
                    config,
                    kept.parameters(),
                    kept.data().stream().map(Prepared::read).toList()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static PreparedData read(PreparedDataStatus data) {
        return new PreparedData(
                new DataRef(data.name(), data.path(), data.digest(), data.maxWindows()),
                data.revision(),
                data.tokens(),
                data.documents(),
                data.badLines());
    }
}
