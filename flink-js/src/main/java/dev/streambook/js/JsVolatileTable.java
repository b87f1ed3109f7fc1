package dev.streambook.js;

/** As {@link JsTable}, for a function that does not give the same for the same operands. */
public class JsVolatileTable extends JsTable {
    private static final long serialVersionUID = 1L;

    public JsVolatileTable() {
        this(null);
    }

    private JsVolatileTable(Body body) {
        super(body);
    }

    @Override
    JsTable of(Body one) {
        return new JsVolatileTable(one);
    }

    @Override
    public boolean isDeterministic() {
        return false;
    }
}
