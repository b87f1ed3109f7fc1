package dev.streambook.js;

import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.inference.TypeInference;

/**
 * A function of JavaScript that gives one value for each row. One class serves all of them:
 *
 * <pre>SELECT js('DOUBLE', '(price) => price * 1.01', price) FROM orders</pre>
 *
 * The same operands are taken to give the same value.
 */
public class JsScalar extends ScalarFunction implements SpecializedFunction {
    private static final long serialVersionUID = 1L;

    private final Body body;

    public JsScalar() {
        this(null);
    }

    JsScalar(Body body) {
        this.body = body;
    }

    /** The same for one call. */
    JsScalar of(Body one) {
        return new JsScalar(one);
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return Signature.inference(types, false);
    }

    @Override
    public UserDefinedFunction specialize(SpecializedContext context) {
        return of(Body.of(context, false));
    }

    /** What is written in a notebook runs where jobs run, and not in the process that plans them. */
    @Override
    public boolean supportsConstantFolding() {
        return false;
    }

    @Override
    public void open(FunctionContext context) {
        body.open(context);
    }

    @Override
    public void close() {
        body.close();
    }

    public Object eval(Object... operands) {
        return body.script().value(operands);
    }
}
