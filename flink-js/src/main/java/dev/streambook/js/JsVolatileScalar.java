package dev.streambook.js;

/** As {@link JsScalar}, for a function that does not give the same for the same operands: it is called for each row. */
public class JsVolatileScalar extends JsScalar {
    private static final long serialVersionUID = 1L;

    public JsVolatileScalar() {
        this(null);
    }

    private JsVolatileScalar(Body body) {
        super(body);
    }

    @Override
    JsScalar of(Body one) {
        return new JsVolatileScalar(one);
    }

    @Override
    public boolean isDeterministic() {
        return false;
    }
}
