package dev.streambook.js;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;

/**
 * Whether the TaskManager is about to run out of memory. The engine can bound the memory of a function in its enterprise
 * edition alone; and where one thread meets an OutOfMemoryError, others do, of Flink itself too.
 */
final class Memory {
    static final String REASON = "takes more memory than the TaskManager has ("
            + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB for all of its jobs)";

    /** Of the place for what lives long, after it was cleaned. */
    private static final double FULL = 0.8;
    /** Of all memory: what a call must have taken to be called the cause. */
    private static final double MUCH = 0.1;

    private static final MemoryPoolMXBean OLD = old();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Memory() {}

    /** Bytes that a thread has taken since it began. */
    static long allocatedBy(Thread thread) {
        return THREADS instanceof com.sun.management.ThreadMXBean known ? known.getThreadAllocatedBytes(thread.getId()) : 0;
    }

    /** @param taken bytes by one call */
    static boolean isShort(long taken) {
        if (OLD == null || taken < MUCH * Runtime.getRuntime().maxMemory()) return false;
        MemoryUsage cleaned = OLD.getCollectionUsage();
        return cleaned != null && cleaned.getUsed() > FULL * cleaned.getMax();
    }

    private static MemoryPoolMXBean old() {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            boolean cleaned = pool.getType() == MemoryType.HEAP && pool.isCollectionUsageThresholdSupported();
            if (cleaned && pool.getName().matches(".*(Old|Tenured).*")) return pool;
        }
        return null;
    }
}
