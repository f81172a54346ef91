package dev.modelfamily.api.v1alpha1;

import java.util.Map;

/** A strategic merge patch on the stage's pod template, owned by one manager. */
public record PodPatch(String manager, Map<String, Object> patch) {}
