package dev.modelfamily.operator.progress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Whose a token is, by the word of the API server. An answer is remembered for some minutes, by a digest of the token, so that a
 * pod that reports every few seconds is asked about seldom.
 */
@Singleton
class TokenOwners {
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST = 20_000;
    /** Questions that are open at the API server at a time. */
    private static final int QUESTIONS = 8;

    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    private final KubernetesClient client;
    private final Cache<String, Optional<Owner>> known =
            Caffeine.newBuilder().expireAfterWrite(REMEMBERED).maximumSize(MOST).build();
    private final Semaphore questions = new Semaphore(QUESTIONS);

    TokenOwners(KubernetesClient client) {
        this.client = client;
    }

    /** A pod. */
    record Owner(String namespace, String pod, String podUid) {}

    /** Too much is asked at once. */
    static final class BusyException extends RuntimeException {
        BusyException() {
            super("too many tokens are being reviewed; report again later");
        }
    }

    /**
     * The pod that a token was made for; empty where it is no token, one for another audience, or no pod's.
     *
     * @throws BusyException where it is not remembered and cannot be asked now
     */
    Optional<Owner> of(String token, String audience) {
        String id = digest(audience + "\n" + token);
        Optional<Owner> remembered = known.getIfPresent(id);
        if (remembered != null) {
            return remembered;
        }
        if (!questions.tryAcquire()) {
            throw new BusyException();
        }
        try {
            Optional<Owner> owner = reviewed(token, audience);
            known.put(id, owner);
            return owner;
        } finally {
            questions.release();
        }
    }

    private Optional<Owner> reviewed(String token, String audience) {
        TokenReview review = client.resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audience)
                        .endSpec()
                        .build())
                .create();
        return Optional.ofNullable(review.getStatus()).flatMap(status -> owner(status, audience));
    }

    /** The pod in an answer. */
    static Optional<Owner> owner(TokenReviewStatus status, String audience) {
        boolean genuine = Boolean.TRUE.equals(status.getAuthenticated())
                && Optional.ofNullable(status.getAudiences()).orElse(List.of()).contains(audience);
        if (!genuine || status.getUser() == null) {
            return Optional.empty();
        }
        String user = Optional.ofNullable(status.getUser().getUsername()).orElse("");
        Map<String, List<String>> extra =
                Optional.ofNullable(status.getUser().getExtra()).orElse(Map.of());
        List<String> pod = extra.getOrDefault(POD_NAME, List.of());
        List<String> uid = extra.getOrDefault(POD_UID, List.of());
        String[] account = user.startsWith(SERVICE_ACCOUNT)
                ? user.substring(SERVICE_ACCOUNT.length()).split(":", -1)
                : new String[0];
        return account.length == 2 && pod.size() == 1 && uid.size() == 1
                ? Optional.of(new Owner(account[0], pod.getFirst(), uid.getFirst()))
                : Optional.empty();
    }

    private static String digest(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
