package dev.streambook.js;

import java.io.Serializable;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.SpecializedFunction.SpecializedContext;

/** What a function of Flink has of JavaScript, whichever of Flink's classes it is. */
final class Body implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Definition definition;
    private transient Script script;

    private Body(Definition definition) {
        this.definition = definition;
    }

    /** Of one call. */
    static Body of(SpecializedContext context, boolean table) {
        return new Body(Signature.definition(context.getCallContext(), table));
    }

    void open(FunctionContext context) {
        script = new Script(definition, Signature.timeoutMs(context));
    }

    void close() {
        if (script != null) script.close();
        script = null;
    }

    Script script() {
        return script;
    }
}
