package dev.streambook.js;

import java.util.List;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * The text of the function that stands between Flink and the function of a user. It is written for its types, because
 * JavaScript is interpreted here: what need not be converted costs nothing.
 */
final class Glue {
    private Glue() {}

    /** An expression: of values.js and the user's function it makes the function that is called for each row. */
    static String of(Definition definition) {
        StringBuilder readers = new StringBuilder();
        StringBuilder names = new StringBuilder();
        StringBuilder operands = new StringBuilder();
        List<LogicalType> types = definition.operands();
        for (int i = 0; i < types.size(); i++) {
            String comma = i == 0 ? "" : ",";
            readers.append("const r").append(i).append("=v.reading(").append(Types.descriptor(types.get(i), definition.bigints())).append(");\n");
            names.append(comma).append('p').append(i);
            operands.append(comma);
            if (crossesAsItIs(types.get(i), definition.bigints())) operands.append('p').append(i);
            else operands.append(String.format("p%d===null?null:r%d(p%d)", i, i, i));
        }
        String type = Types.descriptor(definition.result(), definition.bigints());
        String name = definition.name();
        String writer = definition.table()
                ? "v.rowsWriter(" + type + "," + Types.quoted(name) + ")"
                : "v.writer(" + type + "," + Types.quoted("the result of " + name) + ")";
        return "(function(v,f){'use strict';\n"
                + "if(typeof f!=='function')throw new v.Refusal(" + Types.quoted(name + ": the source is no function") + ");\n"
                + readers
                + "const w=" + writer + ";\n"
                + "return function(" + names + "){const x=f(" + operands + ");return " + result(definition) + "}})";
    }

    private static boolean crossesAsItIs(LogicalType type, boolean bigints) {
        return switch (type.getTypeRoot()) {
            case CHAR,
                    VARCHAR,
                    BOOLEAN,
                    DECIMAL,
                    TINYINT,
                    SMALLINT,
                    INTEGER,
                    DOUBLE,
                    INTERVAL_YEAR_MONTH,
                    INTERVAL_DAY_TIME,
                    NULL -> true;
            case BIGINT -> !bigints;
            default -> false;
        };
    }

    /** The common case is asked for at once; all others are for the writer. */
    private static String result(Definition definition) {
        if (definition.table()) return "w(x)";
        return switch (definition.result().getTypeRoot()) {
            case CHAR, VARCHAR -> "typeof x==='string'?x:w(x)";
            case BOOLEAN -> "typeof x==='boolean'?x:w(x)";
            case FLOAT, DOUBLE -> "typeof x==='number'?x:w(x)";
            case INTEGER -> "typeof x==='number'&&(x|0)===x?x:w(x)";
            case BIGINT -> "typeof x==='number'&&Number.isSafeInteger(x)?x:w(x)";
            default -> "w(x)";
        };
    }
}
