package dev.modelfamily.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Resources of one member's stage, instead of the trainer's. */
public record MemberResources(Map<String, Quantity> limits, Map<String, Quantity> requests) {}
