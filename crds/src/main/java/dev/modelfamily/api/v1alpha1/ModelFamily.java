package dev.modelfamily.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
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
public class ModelFamily extends CustomResource<ModelFamilySpec, ModelFamilyStatus> implements Namespaced {}
