package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do next.
 *
 * @param actions to carry out in this order, after {@code status} is written
 * @param status the new status; equal to the present one where nothing changed, and then not written
 * @param wakeAt when to decide again even if nothing is seen before: a retry, a deadline, a clean-up
 */
public record Decision(List<Action> actions, ModelFamilyStatus status, Optional<Instant> wakeAt) {}
