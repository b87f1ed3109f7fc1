package dev.streambook.js;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;

/**
 * Ends a call that takes too long, and one whose task is cancelled: a loop without an end would otherwise take the
 * TaskManager with it.
 */
final class Watch implements AutoCloseable {
    private static final long LOOK_MS = 250;
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
    private volatile boolean timedOut;

    Watch(Context context, long timeoutMs) {
        this.context = context;
        this.timeoutMs = timeoutMs;
        // Weak: a function that is never closed must not live for ever.
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

    boolean timedOut() {
        return timedOut;
    }

    long timeoutMs() {
        return timeoutMs;
    }

    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
    }

    private static void look(WeakReference<Watch> self) {
        long seen = 0;
        long since = System.nanoTime();
        while (true) {
            try {
                Thread.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                return;
            }
            Watch watch = self.get();
            if (watch == null || watch.closed) return;
            long now = (long) CALLS.getOpaque(watch);
            if (now != seen || now % 2 == 0) {
                seen = now;
                since = System.nanoTime();
                continue;
            }
            boolean tooLong = System.nanoTime() - since > watch.timeoutMs * 1_000_000;
            if (tooLong) watch.timedOut = true;
            if (tooLong || watch.caller.isInterrupted()) watch.interrupt();
        }
    }

    private void interrupt() {
        try {
            context.interrupt(Duration.ofMillis(LOOK_MS));
        } catch (TimeoutException e) {
            // Inside something that cannot be interrupted: tried again at the next look.
        } catch (IllegalStateException e) {
            // It has ended in between.
        }
    }
}
