package dev.modelfamily.operator;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkiverse.operatorsdk.runtime.QuarkusControllerConfiguration;
import java.time.Duration;

/**
 * How families are watched. The extension makes most of it out of the properties, but does not know that deletions can be
 * reconciled without a finalizer on every family.
 */
final class Watching extends QuarkusControllerConfiguration<ModelFamily> {
    private static final Duration LONGEST = Duration.ofHours(10);

    private Watching(QuarkusControllerConfiguration<ModelFamily> usual) {
        super(
                ControllerConfigurationOverrider.override(usual)
                        .withItemStore(new TransformingItemStore<>(Slim::family))
                        .build()
                        .getInformerConfig(),
                usual.getName(),
                usual.isGenerationAware(),
                usual.getAssociatedReconcilerClassName(),
                retry(),
                usual.getRateLimiter(),
                usual.maxReconciliationInterval().orElse(LONGEST),
                usual.getFinalizerName(),
                usual.fieldManager(),
                usual.getWorkflow(),
                usual.getResourceTypeName(),
                usual.getResourceClass());
    }

    static Watching of(QuarkusConfigurationService service, ModelFamilyReconciler reconciler) {
        Watching watching = new Watching(service.getConfigurationFor(reconciler));
        watching.setParent(service);
        return watching;
    }

    /** What fails is tried again for ever, at last once a minute. */
    private static Retry retry() {
        return new GenericRetry()
                .withoutMaxAttempts()
                .setInitialInterval(Duration.ofMillis(500))
                .setIntervalMultiplier(2)
                .setMaxInterval(Duration.ofMinutes(1).toMillis());
    }

    @Override
    public boolean triggerReconcilerOnAllEvents() {
        return true;
    }
}
