package dev.modelfamily.operator;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.operator.observe.World;
import dev.modelfamily.operator.pod.Labels;
import dev.modelfamily.operator.progress.ProgressBoard;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Looks after families: whenever something about one changes, a {@link Pass} is made over it. */
@ControllerConfiguration(name = ModelFamilyReconciler.NAME)
public class ModelFamilyReconciler implements Reconciler<ModelFamily> {
    static final String NAME = "modelfamily";

    /** How long to wait for the pods of an earlier family of the same name. */
    private static final Duration PREDECESSOR = Duration.ofSeconds(5);

    private final Passes passes;
    private final ProgressBoard progress;
    private final Caches caches;

    ModelFamilyReconciler(Passes passes, ProgressBoard progress, Caches caches) {
        this.passes = passes;
        this.progress = progress;
        this.caches = caches;
    }

    @Override
    public List<EventSource<?, ModelFamily>> prepareEventSources(EventSourceContext<ModelFamily> context) {
        InformerEventSource<Job, ModelFamily> jobs = informer(Job.class, context, Slim::job);
        InformerEventSource<Pod, ModelFamily> pods = informer(Pod.class, context, Slim::pod);
        caches.hold(context.getPrimaryCache(), jobs, pods);
        return List.of(jobs, pods, progress.events());
    }

    @Override
    public UpdateControl<ModelFamily> reconcile(ModelFamily family, Context<ModelFamily> context) {
        if (context.isPrimaryResourceDeleted()) {
            return UpdateControl.noUpdate();
        }
        Set<Pod> pods = context.getSecondaryResources(Pod.class);
        World world = World.of(family, context.getSecondaryResources(Job.class), pods);
        if (family.isMarkedForDeletion()) {
            passes.end(family, world);
            return UpdateControl.noUpdate();
        }
        if (World.hasPredecessor(family, pods)) {
            return UpdateControl.<ModelFamily>noUpdate().rescheduleAfter(PREDECESSOR);
        }
        UpdateControl<ModelFamily> nothing = UpdateControl.noUpdate();
        return passes.over(family, world).map(nothing::rescheduleAfter).orElse(nothing);
    }

    private static <R extends HasMetadata> InformerEventSource<R, ModelFamily> informer(
            Class<R> type, EventSourceContext<ModelFamily> context, UnaryOperator<R> slim) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, ModelFamily.class)
                        .withLabelSelector(Labels.SELECTOR)
                        .withSecondaryToPrimaryMapper(ModelFamilyReconciler::family)
                        .withNamespacesInheritedFromController()
                        .withItemStore(new TransformingItemStore<>(slim))
                        .build(),
                context);
    }

    private static Set<ResourceID> family(HasMetadata object) {
        return Set.of(new ResourceID(
                Labels.label(object, Labels.FAMILY), object.getMetadata().getNamespace()));
    }
}
