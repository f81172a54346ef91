package dev.modelfamily.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Waits for families to come as far as a test wants them. */
public interface FamilyWaits {
    /** The status of a family; empty while it is not there or has none. */
    Optional<ModelFamilyStatus> status(String family);

    /** How long a test waits at most. */
    Duration patience();

    /** Waits until the status is as wanted. */
    default ModelFamilyStatus awaitStatus(String family, String what, Predicate<ModelFamilyStatus> wanted) {
        return await(what + " of " + family)
                .atMost(patience())
                .pollInterval(Duration.ofMillis(200))
                .until(() -> status(family), found -> found.filter(wanted).isPresent())
                .orElseThrow();
    }

    /** Waits until a family is in a phase. */
    default ModelFamilyStatus awaitPhase(String family, String phase) {
        return awaitStatus(family, "phase " + phase, status -> status.phase().equals(phase));
    }

    /** Waits until a member is as wanted. */
    default MemberStatus awaitMember(String family, String member, Predicate<MemberStatus> wanted) {
        return awaitStatus(
                        family,
                        "member " + member,
                        status -> status.member(member).filter(wanted).isPresent())
                .member(member)
                .orElseThrow();
    }
}
