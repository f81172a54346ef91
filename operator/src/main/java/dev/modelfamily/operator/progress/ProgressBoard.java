package dev.modelfamily.operator.progress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.contract.Progress;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The last report of each Job's pod. Lost with the process, which is harmless: the next report comes in seconds. A report starts a
 * pass over its family, but not each of them, since the status shows progress twice in a minute at most.
 */
@Singleton
public class ProgressBoard {
    /** What nobody renews is forgotten. */
    private static final Duration KEPT = Duration.ofHours(6);
    /** The time between two passes that reports of one pod start. */
    private static final Duration BETWEEN_PASSES = Duration.ofSeconds(30);

    private static final int MOST = 50_000;

    private final Cache<String, Report> reports =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(MOST).build();
    private final SimpleInboundEventSource<ModelFamily> events = new SimpleInboundEventSource<>("progress");

    /**
     * A report.
     *
     * @param at when it came
     * @param passed when a pass was last started because of this pod
     */
    public record Report(Progress progress, Instant at, Instant passed) {}

    /** Keeps a report of a pod of a Job. */
    public void put(ResourceID family, String jobUid, Progress progress, Instant at) {
        Report last = reports.getIfPresent(jobUid);
        boolean due = last == null || !at.isBefore(last.passed().plus(BETWEEN_PASSES));
        reports.put(jobUid, new Report(progress, at, due ? at : last.passed()));
        if (due && events.isRunning()) {
            events.propagateEvent(family);
        }
    }

    /** The last report of a pod of a Job. */
    public Optional<Report> of(String jobUid) {
        return Optional.ofNullable(reports.getIfPresent(jobUid));
    }

    /** What was last reported of a Job. */
    public Optional<Progress> report(Job job) {
        return of(job.getMetadata().getUid()).map(Report::progress);
    }

    /** When a Job was last reported of. */
    public Optional<Instant> lastReport(Job job) {
        return of(job.getMetadata().getUid()).map(Report::at);
    }

    /** The events of reports. */
    public EventSource<Void, ModelFamily> events() {
        return events;
    }
}
