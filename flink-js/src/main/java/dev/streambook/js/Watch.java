package dev.streambook.js;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;

/**
 * Ends a call that takes too long or too much memory, and one whose task is cancelled: it would otherwise take the
 * TaskManager with it, and all jobs there.
 */
final class Watch implements AutoCloseable {
    private static final long LOOK_MS = 100;
    /** So often a call is asked to end: for three seconds. */
    private static final int PATIENCE = 15;

    private static final VarHandle CALLS;

    static {
        try {
            CALLS = MethodHandles.lookup().findVarHandle(Watch.class, "calls", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Context context;
    private final long timeoutMs;
    private final Thread watcher;
    /** Odd while a call runs. */
    @SuppressWarnings("unused")
    private long calls;

    private volatile Thread caller;
    private volatile boolean closed;
    private volatile String reason;

    Watch(Context context, long timeoutMs) {
        this.context = context;
        this.timeoutMs = timeoutMs;
        // Weak: what is never closed must not live for ever.
        WeakReference<Watch> self = new WeakReference<>(this);
        watcher = new Thread(() -> look(self), "streambook-function-watch");
        watcher.setDaemon(true);
        watcher.setContextClassLoader(null);
        watcher.start();
    }

    void begin() {
        if (caller != Thread.currentThread()) caller = Thread.currentThread();
        CALLS.setOpaque(this, (long) CALLS.getOpaque(this) + 1);
    }

    void end() {
        CALLS.setOpaque(this, (long) CALLS.getOpaque(this) + 1);
    }

    /** Why a call was ended, as what follows its name; null where the task was cancelled. */
    String reason() {
        return reason;
    }

    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
    }

    private static void look(WeakReference<Watch> self) {
        long seen = 0;
        long since = 0;
        long allocated = 0;
        int asked = 0;
        while (true) {
            try {
                Thread.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                return;
            }
            Watch watch = self.get();
            if (watch == null || watch.closed) return;
            long now = (long) CALLS.getOpaque(watch);
            if (now % 2 == 0) continue;
            Thread caller = watch.caller;
            if (now != seen) {
                seen = now;
                since = System.nanoTime();
                allocated = Memory.allocatedBy(caller);
                asked = 0;
                continue;
            }
            if (System.nanoTime() - since > watch.timeoutMs * 1_000_000) {
                watch.reason = "did not come to an end within " + watch.timeoutMs + " ms";
            } else if (Memory.isShort(Memory.allocatedBy(caller) - allocated)) {
                watch.reason = Memory.REASON;
            } else if (!caller.isInterrupted()) continue;
            watch.end(now, caller, ++asked > PATIENCE);
        }
    }

    private void end(long call, Thread caller, boolean atAnyCost) {
        try {
            context.interrupt(Duration.ofMillis(LOOK_MS));
        } catch (TimeoutException e) {
            // Inside something that does not listen (10n ** 1000000000n): asked again at the next look.
            if (atAnyCost && (long) CALLS.getOpaque(this) == call) stop(caller);
        } catch (IllegalStateException e) {
            // It has ended in between.
        }
    }

    /** What it leaves behind is thrown away with its task. Newer releases of Java refuse; Flink then ends the process. */
    @SuppressWarnings("removal")
    private static void stop(Thread caller) {
        try {
            caller.stop();
        } catch (UnsupportedOperationException e) {
            // Since Java 20.
        }
    }
}
