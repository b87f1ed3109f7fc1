package dev.streambook.js;

import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;

/** What is said of a call that failed: the message, the line of the source, the operands; all of it bounded. */
final class Failures {
    /** The name of the user's source inside. */
    static final String SOURCE = "function.js";

    /** Before the source stands a line of ours. */
    private static final int LINES_BEFORE = 1;

    private static final int MESSAGE = 1000;
    private static final int LINE = 160;
    private static final int OPERAND = 80;
    private static final int OPERANDS = 400;

    private final Definition definition;
    private final Watch watch;

    Failures(Definition definition, Watch watch) {
        this.definition = definition;
        this.watch = watch;
    }

    /** @param values the operands as they crossed; null when the function was not called yet */
    RuntimeException of(PolyglotException e, Object[] values) {
        if (e.isInterrupted() || e.isCancelled() || isStopped(e)) {
            if (watch.reason() == null) return new JsException(definition.name() + " was interrupted");
            return failed(" " + watch.reason(), e, values);
        }
        if (e.isResourceExhausted()) return failed(" " + Memory.REASON, e, values);
        if (!e.isGuestException()) {
            // A stack that is full says so inside; what is left is the engine's own.
            return failed(" failed: " + lines(String.valueOf(e.getMessage())), e, values);
        }
        if (isRefusal(e)) return new JsException(lines(plain(e.getMessage())) + called(values));
        String verb = values == null ? " cannot be compiled: " : " failed: ";
        return failed(verb + lines(message(e)), e, values);
    }

    /** While its result was read. */
    RuntimeException of(OutOfMemoryError e, Object[] values) {
        return new JsException(definition.name() + " " + Memory.REASON + called(values));
    }

    private JsException failed(String how, PolyglotException e, Object[] values) {
        return new JsException(definition.name() + how + line(section(e)) + called(values));
    }

    /** Watch has seen no other way. */
    private static boolean isStopped(PolyglotException e) {
        return e.isInternalError() && String.valueOf(e.getMessage()).contains("ThreadDeath");
    }

    /** Of a syntax error the engine repeats place and line, counted from its own beginning. */
    private static String message(PolyglotException e) {
        String message = String.valueOf(e.getMessage());
        if (!e.isSyntaxError()) return message;
        String first = message.lines().findFirst().orElse(message);
        return first.replaceFirst("^SyntaxError: (?:function|glue)\\.js:\\d+:\\d+ ", "SyntaxError: ");
    }

    private static boolean isRefusal(PolyglotException e) {
        Value thrown = e.getGuestObject();
        if (thrown == null || thrown.getMetaObject() == null) return false;
        return thrown.getMetaObject().getMetaSimpleName().equals("Refusal");
    }

    private static String plain(String message) {
        return message.startsWith("Refusal: ") ? message.substring("Refusal: ".length()) : message;
    }

    /** The innermost place that is the user's. */
    private static SourceSection section(PolyglotException e) {
        SourceSection at = e.getSourceLocation();
        if (isOurs(at)) return at;
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            if (frame.isGuestFrame() && isOurs(frame.getSourceLocation())) return frame.getSourceLocation();
        }
        return null;
    }

    private static boolean isOurs(SourceSection section) {
        return section != null && section.isAvailable() && section.getSource().getName().equals(SOURCE);
    }

    private String line(SourceSection at) {
        if (at == null || !at.hasLines()) return "";
        int line = at.getStartLine() - LINES_BEFORE;
        String[] lines = definition.source().split("\\r?\\n", -1);
        if (line < 1 || line > lines.length) return "";
        String text = lines[line - 1].strip();
        int column = at.getStartColumn();
        // A long line is shown from a little before the place.
        int from = Math.max(0, column - 1 - (lines[line - 1].length() - lines[line - 1].stripLeading().length()) - LINE / 2);
        String excerpt = text.length() <= LINE || from >= text.length() ? text : (from == 0 ? "" : "...") + text.substring(from);
        return "\n  line " + (definition.firstLine() + line - 1) + ", column " + column + ": " + shortened(excerpt, LINE);
    }

    private String called(Object[] values) {
        if (values == null) return "";
        StringBuilder to = new StringBuilder();
        for (int i = 0; i < values.length && to.length() < OPERANDS; i++) {
            if (i > 0) to.append(", ");
            to.append(shown(values[i], definition.operands().get(i)));
        }
        return "\n  called with (" + shortened(to.toString(), OPERANDS) + ")";
    }

    private static String shown(Object value, LogicalType type) {
        if (value == null) return "null";
        if (value instanceof Boolean) return value.toString();
        if (value instanceof Long) return value + "n";
        if (value instanceof Number number) {
            double n = number.doubleValue();
            boolean moment = type.is(LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE)
                    || type.is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
            if (moment) return java.time.Instant.ofEpochMilli((long) n).toString();
            if (type.is(LogicalTypeRoot.DATE)) return java.time.LocalDate.ofEpochDay((long) n).toString();
            return n == Math.rint(n) && Math.abs(n) < 1e15 ? String.valueOf((long) n) : String.valueOf(n);
        }
        if (type.is(LogicalTypeRoot.BINARY) || type.is(LogicalTypeRoot.VARBINARY)) {
            return ((String) value).length() + " bytes";
        }
        if (value instanceof String text) return "'" + shortened(text, OPERAND).replace("\n", "\\n").replace("\r", "\\r") + "'";
        return "a value of " + shortened(type.asSummaryString(), OPERAND);
    }

    /** On one line each, and not to be taken for Java's own. */
    private static String lines(String text) {
        return shortened(text, MESSAGE).replaceAll("\\r?\\n|\\r", "\n  | ");
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
