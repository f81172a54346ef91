package dev.modelfamily.operator.act;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/**
 * The one writer of the status: by server-side apply, only where something differs, and only over the very version that the
 * decision was made on. A spec that was edited meanwhile, or a cache that lags, therefore ends as {@link Written.Stale}.
 */
public final class StatusWriter {
    /** The field manager of all that this operator applies. */
    static final String MANAGER = "modelfamily-operator";

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;

    public StatusWriter(KubernetesClient client) {
        this.client = client;
    }

    /** What became of a write. */
    public sealed interface Written {
        /** Nothing differs, so nothing was written. */
        record Same() implements Written {}

        /** The family as it is now. */
        record Changed(ModelFamily family) implements Written {}

        /** The family is another than the one that was decided on, or is gone. */
        record Stale() implements Written {}
    }

    /** Writes a status over that of a family. */
    public Written write(ModelFamily family, ModelFamilyStatus status) {
        if (status.equals(family.getStatus())) {
            return new Written.Same();
        }
        ModelFamily fresh = new ModelFamily();
        fresh.setMetadata(new ObjectMetaBuilder()
                .withName(family.getMetadata().getName())
                .withNamespace(family.getMetadata().getNamespace())
                .withResourceVersion(family.getMetadata().getResourceVersion())
                .build());
        fresh.setStatus(status);
        try {
            return new Written.Changed(
                    client.resource(fresh).subresource("status").patch(APPLY));
        } catch (KubernetesClientException e) {
            return switch (e.getCode()) {
                case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> new Written.Stale();
                default -> throw e;
            };
        }
    }
}
