package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.SecretRef;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.planner.Device;

/**
 * Where and how an executor runs stages.
 *
 * @param secrets the folder in which the executor shows a {@link SecretRef} as the file {@code NAME/KEY}
 * @param trainerVersion part of every stage key: another trainer may make another member; at most 80 characters. What is done or
 *     runs when it changes stays as it is
 * @param maxParallel how many stages run at once at most; 1 on a laptop
 * @param device that costs are estimated for
 */
public record Surroundings(
        StorageLayout storage,
        String secrets,
        String trainerVersion,
        int maxParallel,
        Device device,
        Reporting reporting) {
    String fileOf(SecretRef secret) {
        return secrets + "/" + secret.name() + "/" + secret.key();
    }
}
