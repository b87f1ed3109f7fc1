package dev.streambook.js;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/** A function of JavaScript that can be called. */
final class Script implements AutoCloseable {
    private final Definition definition;
    private final World world;
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
        world = World.enter(timeoutMs);
        try {
            watch = world.watch();
            failures = new Failures(definition, watch);
            call = watched(null, none -> compiled());
        } catch (RuntimeException | Error e) {
            world.leave();
            throw e;
        }
    }

    /** @param given the operands of the call in SQL: type and source before those of the function */
    Object value(Object[] given) {
        return watched(operands(given), values -> result.of(call.execute(values)));
    }

    List<RowData> rows(Object[] given) {
        return watched(operands(given), values -> {
            Value list = call.execute(values);
            List<RowData> rows = new ArrayList<>();
            for (long i = 0, size = list.getArraySize(); i < size; i++) {
                rows.add((RowData) result.of(list.getArrayElement(i)));
            }
            return rows;
        });
    }

    @Override
    public void close() {
        world.leave();
    }

    private Value compiled() {
        String text = "'use strict';(\n" + definition.source() + "\n)";
        Source user = Source.newBuilder("js", text, Failures.SOURCE).buildLiteral();
        return world.compile(user, Source.newBuilder("js", Glue.of(definition), "glue.js").buildLiteral());
    }

    private Object[] operands(Object[] given) {
        Object[] values = new Object[operands.length];
        for (int i = 0; i < values.length; i++) values[i] = operands[i].of(given[Signature.FIRST_OPERAND + i]);
        return values;
    }

    /** One at a time: JavaScript has a single thread, and functions of one task share their world. */
    private <T> T watched(Object[] values, Function<Object[], T> run) {
        synchronized (watch) {
            watch.begin();
            try {
                return run.apply(values);
            } catch (PolyglotException e) {
                throw failures.of(e, values);
            } catch (OutOfMemoryError e) {
                throw failures.of(e, values);
            } finally {
                watch.end();
            }
        }
    }
}
