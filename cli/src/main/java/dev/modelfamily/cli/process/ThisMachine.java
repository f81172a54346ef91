package dev.modelfamily.cli.process;

import com.sun.management.OperatingSystemMXBean;
import dev.modelfamily.planner.Device;
import java.lang.management.ManagementFactory;

/** The machine that this tool runs on. */
public final class ThisMachine {
    private ThisMachine() {}

    /** Its cores. */
    public static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** So many of its cores as a device, with all of its memory. */
    public static Device device(int threads) {
        Device cpu = Device.cpu(threads);
        return new Device(cpu.name(), cpu.flops(), memory(), cpu.gpu());
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
