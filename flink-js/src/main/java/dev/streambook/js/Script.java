package dev.streambook.js;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/**
 * A function of JavaScript that can be called: with a world of its own, which nothing outside is seen from. For one
 * thread at a time.
 */
final class Script implements AutoCloseable {
    static {
        noShutdownHook();
    }

    private static final String TIMESTAMP = resource("timestamp.js");
    private static final String VALUES = resource("values.js");

    private final Definition definition;
    private final Context context;
    private final Watch watch;
    private final Failures failures;
    private final Value call;
    private final ToScript[] operands;
    private final FromScript result;

    /** @param timeoutMs how long one call may take */
    Script(Definition definition, long timeoutMs) {
        this.definition = definition;
        this.operands = new ToScript[definition.operands().size()];
        for (int i = 0; i < operands.length; i++) {
            String where = "argument " + (i + 1) + " of " + definition.name();
            operands[i] = ToScript.of(definition.operands().get(i), definition.bigints(), where);
        }
        LogicalType type = definition.result();
        this.result = definition.table() ? FromScript.row(type.getChildren()) : FromScript.of(type);
        // Truffle looks for languages with the loader of the thread, which need not be that of this jar.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Script.class.getClassLoader());
        Context made = null;
        try {
            made = newContext();
            context = made;
            watch = new Watch(context, timeoutMs);
            failures = new Failures(definition, watch);
            call = compile();
        } catch (RuntimeException | Error e) {
            if (made != null) close(made);
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** @param given the operands of the call in SQL: type and source before those of the function */
    Object value(Object[] given) {
        Object[] values = operands(given);
        watch.begin();
        try {
            return result.of(call.execute(values));
        } catch (PolyglotException e) {
            throw failures.of(e, values);
        } finally {
            watch.end();
        }
    }

    List<RowData> rows(Object[] given) {
        Object[] values = operands(given);
        watch.begin();
        try {
            Value list = call.execute(values);
            List<RowData> rows = new ArrayList<>();
            for (long i = 0, size = list.getArraySize(); i < size; i++) {
                rows.add((RowData) result.of(list.getArrayElement(i)));
            }
            return rows;
        } catch (PolyglotException e) {
            throw failures.of(e, values);
        } finally {
            watch.end();
        }
    }

    @Override
    public void close() {
        watch.close();
        close(context);
    }

    private static void close(Context context) {
        try {
            context.close(true);
        } finally {
            context.getEngine().close(true);
        }
    }

    private Object[] operands(Object[] given) {
        Object[] values = new Object[operands.length];
        for (int i = 0; i < values.length; i++) values[i] = operands[i].of(given[Signature.FIRST_OPERAND + i]);
        return values;
    }

    private Value compile() {
        watch.begin();
        try {
            Value timestamp = context.eval(Source.newBuilder("js", TIMESTAMP, "timestamp.js").buildLiteral());
            context.getBindings("js").putMember("Timestamp", timestamp);
            Value values = context.eval(Source.newBuilder("js", VALUES, "values.js").buildLiteral()).execute(timestamp);
            String text = "'use strict';(\n" + definition.source() + "\n)";
            Value user = context.eval(Source.newBuilder("js", text, Failures.SOURCE).buildLiteral());
            Value glue = context.eval(Source.newBuilder("js", Glue.of(definition), "glue.js").buildLiteral());
            return glue.execute(values, user);
        } catch (PolyglotException e) {
            watch.close();
            throw failures.of(e, null);
        } finally {
            watch.end();
        }
    }

    private static Context newContext() {
        OutputStream nowhere = OutputStream.nullOutputStream();
        Engine engine = Engine.newBuilder("js")
                // There is no compiler in a usual Java machine: that it interprets is known.
                .option("engine.WarnInterpreterOnly", "false")
                .out(nowhere)
                .err(nowhere)
                .build();
        try {
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
            engine.close(true);
            throw e;
        }
    }

    /**
     * The first Engine of a class loader has the Java machine hold that loader for ever, to close what is open when the
     * machine ends. Flink has a class loader for each job: a TaskManager would run out of room for classes after a
     * dozen. Here every context is closed by close().
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

    private static String resource(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
