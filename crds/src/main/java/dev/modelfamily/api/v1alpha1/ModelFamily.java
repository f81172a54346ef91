package dev.modelfamily.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One pre-trained language model and the smaller members that are to be made from it. */
@Group("modelfamily.dev")
@Version("v1alpha1")
@Plural("modelfamilies")
@Singular("modelfamily")
@ShortNames("mf")
@ValidationRule(
        value = "size(self.metadata.name) <= 63 && self.metadata.name.matches('" + Units.LABEL + "')",
        message =
                "metadata.name: a family's name has at most 63 small letters, digits and hyphens: it labels Jobs and names folders")
@ValidationRule(
        value = Rules.PARENT_STAYS,
        fieldPath = ".spec.parent",
        message = "uri and revision of the parent cannot change once a member is finished; make a new family")
@ValidationRule(
        value = Rules.STORAGE_STAYS,
        fieldPath = ".spec.storage",
        message = "the place of the members cannot change once a member is finished; make a new family")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Members", jsonPath = ".status.summary.members")
@AdditionalPrinterColumn(name = "Progress", jsonPath = ".status.summary.progress")
@AdditionalPrinterColumn(name = "ETA", jsonPath = ".status.summary.eta")
@AdditionalPrinterColumn(name = "Perplexity", jsonPath = ".status.summary.perplexity")
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Queue", jsonPath = ".spec.trainer.queueName", priority = 1)
@AdditionalPrinterColumn(name = "GPU-hours", jsonPath = ".status.summary.gpuHours", priority = 1)
@AdditionalPrinterColumn(name = "Parent", jsonPath = ".spec.parent.uri", priority = 1)
public class ModelFamily extends CustomResource<ModelFamilySpec, ModelFamilyStatus> implements Namespaced {
    /** A copy that asks for something else. */
    public ModelFamily asking(ModelFamilySpec other) {
        ModelFamily copy = new ModelFamily();
        copy.setMetadata(new ObjectMetaBuilder(getMetadata()).build());
        copy.setSpec(other);
        copy.setStatus(getStatus());
        return copy;
    }
}
