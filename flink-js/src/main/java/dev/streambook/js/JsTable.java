package dev.streambook.js;

import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.TableFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.inference.TypeInference;

/**
 * A function of JavaScript that gives rows for each row:
 *
 * <pre>SELECT w FROM lines, LATERAL TABLE(js_table('ROW&lt;w STRING&gt;', '(s) => s.split(" ").map((w) => ({ w }))', line)) AS t (w)</pre>
 */
public class JsTable extends TableFunction<Object> implements SpecializedFunction {
    private static final long serialVersionUID = 1L;

    private final Body body;

    public JsTable() {
        this(null);
    }

    JsTable(Body body) {
        this.body = body;
    }

    /** The same for one call. */
    JsTable of(Body one) {
        return new JsTable(one);
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return Signature.inference(types, true);
    }

    @Override
    public UserDefinedFunction specialize(SpecializedContext context) {
        return of(Body.of(context, true));
    }

    /** As that of {@link JsScalar}. */
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

    public void eval(Object... operands) {
        for (RowData row : body.script().rows(operands)) collect(row);
    }
}
