package dev.modelfamily.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.operator.progress.TokenOwners.Owner;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatusBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenOwnersTest {
    private static final String AUDIENCE = "modelfamily.dev/progress/1";

    @Test
    void aTokenOfAPodNamesThePod() {
        assertThat(TokenOwners.owner(answer(true, AUDIENCE, "system:serviceaccount:models:default", true), AUDIENCE))
                .contains(new Owner("models", "tiny-large-1-abcde", "uid-1"));
    }

    @Test
    void aTokenForAnotherFamilyIsNone() {
        assertThat(TokenOwners.owner(
                        answer(true, "modelfamily.dev/progress/2", "system:serviceaccount:models:default", true),
                        AUDIENCE))
                .isEmpty();
    }

    @Test
    void aTokenThatTheApiServerDoesNotKnowIsNone() {
        assertThat(TokenOwners.owner(answer(false, AUDIENCE, "system:serviceaccount:models:default", true), AUDIENCE))
                .isEmpty();
        assertThat(TokenOwners.owner(new TokenReviewStatus(), AUDIENCE)).isEmpty();
    }

    @Test
    void aTokenThatIsNotBoundToAPodIsNone() {
        assertThat(TokenOwners.owner(answer(true, AUDIENCE, "system:serviceaccount:models:default", false), AUDIENCE))
                .isEmpty();
        assertThat(TokenOwners.owner(answer(true, AUDIENCE, "somebody", true), AUDIENCE))
                .isEmpty();
    }

    private static TokenReviewStatus answer(boolean authenticated, String audience, String user, boolean bound) {
        return new TokenReviewStatusBuilder()
                .withAuthenticated(authenticated)
                .withAudiences(audience)
                .withNewUser()
                .withUsername(user)
                .withExtra(
                        bound
                                ? Map.of(
                                        "authentication.kubernetes.io/pod-name", List.of("tiny-large-1-abcde"),
                                        "authentication.kubernetes.io/pod-uid", List.of("uid-1"))
                                : Map.of())
                .endUser()
                .build();
    }
}
