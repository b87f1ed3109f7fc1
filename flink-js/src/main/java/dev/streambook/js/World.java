package dev.streambook.js;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/**
 * The world that the functions of one task live in, and that nothing outside is seen from. A world takes a megabyte and
 * more, and a plan may have hundreds of calls in one task: a list of VALUES becomes a step for each of its rows.
 */
final class World {
    static {
        noShutdownHook();
    }

    private static final Source TIMESTAMP = resource("timestamp.js");
    private static final Source VALUES = resource("values.js");

    /** Flink opens all functions of a task in one thread, which ends with the task. */
    private static final ThreadLocal<World> OF_TASK = new ThreadLocal<>();

    private final Context context;
    private final Watch watch;
    private Value values;
    private int users;

    /** @param timeoutMs how long one call may take */
    private World(long timeoutMs) {
        context = newContext();
        watch = new Watch(context, timeoutMs);
    }

    /** The world of the task whose thread this is. Every call is followed by one of {@link #leave}. */
    static World enter(long timeoutMs) {
        World world = OF_TASK.get();
        if (world == null || !world.join()) {
            world = new World(timeoutMs);
            world.users = 1;
            OF_TASK.set(world);
        }
        return world;
    }

    private synchronized boolean join() {
        if (users == 0) return false;
        users++;
        return true;
    }

    /** With its last function it is closed, whatever runs in it. */
    void leave() {
        synchronized (this) {
            if (--users > 0) return;
        }
        if (OF_TASK.get() == this) OF_TASK.remove();
        watch.close();
        try {
            context.close(true);
        } finally {
            context.getEngine().close(true);
        }
    }

    Watch watch() {
        return watch;
    }

    /** Makes of a function and what stands between it and Flink the function that is called for each row. */
    Value compile(Source function, Source glue) {
        if (values == null) {
            Value timestamp = context.eval(TIMESTAMP);
            context.getBindings("js").putMember("Timestamp", timestamp);
            values = context.eval(VALUES).execute(timestamp);
        }
        Value user = context.eval(function);
        return context.eval(glue).execute(values, user);
    }

    private static Context newContext() {
        // Truffle looks for languages with the loader of the thread, which need not be that of this jar.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(World.class.getClassLoader());
        Engine engine = null;
        try {
            engine = newEngine();
            return Context.newBuilder("js")
                    .engine(engine)
                    .allowAllAccess(false)
                    .allowExperimentalOptions(true)
                    // What the engine has beside ECMAScript.
                    .option("js.load", "false")
                    .option("js.print", "false")
                    .option("js.graal-builtin", "false")
                    .option("js.polyglot-builtin", "false")
                    .option("js.disable-eval", "true")
                    // The same everywhere, whatever the machine is set to.
                    .option("js.locale", "en-US")
                    .timeZone(ZoneOffset.UTC)
                    .build();
        } catch (RuntimeException | Error e) {
            if (engine != null) engine.close(true);
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Engine newEngine() {
        OutputStream nowhere = OutputStream.nullOutputStream();
        return Engine.newBuilder("js")
                // There is no compiler in a usual Java machine: that it interprets is known.
                .option("engine.WarnInterpreterOnly", "false")
                .out(nowhere)
                .err(nowhere)
                .build();
    }

    /**
     * The first Engine of a class loader has the Java machine hold that loader for ever, to close what is open when the
     * machine ends. Flink has a class loader for each job: a TaskManager would run out of room for classes after a
     * dozen. Here every world is closed by its last function.
     */
    private static void noShutdownHook() {
        try {
            Field set = Engine.class.getDeclaredField("shutdownHookInitialized");
            set.setAccessible(true);
            set.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Another release of it: what has to be looked at again is the test with a hundred jobs.
        }
    }

    private static Source resource(String name) {
        try (InputStream in = World.class.getResourceAsStream(name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Source.newBuilder("js", text, name).buildLiteral();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
