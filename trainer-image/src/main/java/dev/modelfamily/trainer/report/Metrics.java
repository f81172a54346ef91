package dev.modelfamily.trainer.report;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The trainer's Prometheus metrics, {@code modelfamily_trainer_*}, served on {@code /metrics} where a port is given. */
public final class Metrics implements AutoCloseable {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Gauge tokens = gauge("tokens", "Tokens trained on in this stage");
    private final Gauge tokensWanted = gauge("tokens_wanted", "Tokens that this stage is to train on");
    private final Gauge loss = gauge("loss", "Training loss of the last step in nats");
    private final Gauge rate = gauge("tokens_per_second", "Tokens per second since the phase began");
    private final Gauge learningRate = gauge("learning_rate", "Learning rate of the last step");
    private final Gauge gradientNorm = gauge("gradient_norm", "Global gradient norm of the last step before clipping");
    private final Gauge stepTime = gauge("step_seconds", "Time of the last step, from the end of the one before");
    private final Gauge checkpointTime = gauge(
            "checkpoint_timestamp_seconds",
            "Unix time of the last checkpoint, or of recovery's begin before the first; 0 before recovery");
    private final Gauge memory = gauge("resident_memory_bytes", "Resident memory of the process");
    private final Gauge peakMemory =
            gauge("peak_resident_memory_bytes", "Highest resident memory of the process so far");
    private final Gauge gpuMemory = gauge("gpu_memory_bytes", "Memory in use on the GPU; 0 on a processor");
    private final Gauge peakGpuMemory =
            gauge("peak_gpu_memory_bytes", "Highest memory seen in use on the GPU so far; 0 on a processor");
    private final Optional<HTTPServer> server;
    private volatile Supplier<OptionalLong> gpu = OptionalLong::empty;
    private Stopwatch lastStep = Stopwatch.started();

    private Metrics(int port) {
        try {
            server = port == 0
                    ? Optional.empty()
                    : Optional.of(
                            HTTPServer.builder().port(port).registry(registry).buildAndStart());
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "reporting.metricsPort: cannot listen on port " + port + ": " + e.getMessage()
                            + "; give a free port, or 0 for none",
                    e);
        }
    }

    /** Starts serving on the port; 0 for no server. */
    public static Metrics start(int port) {
        return new Metrics(port);
    }

    private Gauge gauge(String name, String help) {
        return Gauge.builder().name("modelfamily_trainer_" + name).help(help).register(registry);
    }

    void observe(String phase, long done, long total, double tokensPerSecond, Reporter.Training training) {
        if (phase.equals("recover")) {
            if (checkpointTime.get() == 0) {
                checkpointed(System.currentTimeMillis() / 1e3);
            }
            tokens.set((double) done);
            tokensWanted.set((double) total);
            loss.set(training.loss());
            learningRate.set(training.learningRate());
            gradientNorm.set(training.gradientNorm());
            rate.set(tokensPerSecond);
            stepTime.set(lastStep.getAsDouble());
            lastStep = Stopwatch.started();
        }
        memory.set((double) PeakMemory.present());
        peakMemory.set((double) PeakMemory.bytes());
        gpu.get().ifPresent(bytes -> {
            gpuMemory.set((double) bytes);
            peakGpuMemory.set(Math.max(peakGpuMemory.get(), (double) bytes));
        });
    }

    /** From now on this is asked for the bytes in use on the GPU, as often as anything is observed. */
    public void watchGpu(Supplier<OptionalLong> bytesInUse) {
        gpu = bytesInUse;
    }

    /** A checkpoint was written at this Unix time. */
    public void checkpointed(double unixSeconds) {
        checkpointTime.set(unixSeconds);
    }

    @Override
    public void close() {
        server.ifPresent(HTTPServer::close);
    }
}
