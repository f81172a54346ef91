package dev.modelfamily.operator;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Whether this operator is the one that works. */
@Singleton
public class Leadership {
    private static final Logger LOG = Logger.getLogger(Leadership.class);

    private final AtomicInteger leading;

    Leadership(MeterRegistry registry, Settings settings) {
        leading = new AtomicInteger(settings.leaderElection().enabled() ? 0 : 1);
        Gauge.builder("modelfamily.leader", leading, AtomicInteger::get)
                .description("1 in the replica that works, 0 in those that wait")
                .register(registry);
    }

    /** Whether this operator works. */
    public boolean isLeading() {
        return leading.get() == 1;
    }

    LeaderCallbacks callbacks() {
        return new LeaderCallbacks(() -> leading.set(1), () -> leading.set(0), leader -> LOG.infof("%s leads", leader));
    }
}
