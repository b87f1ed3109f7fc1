package dev.streambook.js;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.apache.flink.table.types.utils.DataTypeUtils;

/** Types of SQL: which of them functions of JavaScript know, and what values.js has to know of them. */
final class Types {
    private static final Set<LogicalTypeRoot> KNOWN = EnumSet.of(
            LogicalTypeRoot.CHAR,
            LogicalTypeRoot.VARCHAR,
            LogicalTypeRoot.BOOLEAN,
            LogicalTypeRoot.BINARY,
            LogicalTypeRoot.VARBINARY,
            LogicalTypeRoot.DECIMAL,
            LogicalTypeRoot.TINYINT,
            LogicalTypeRoot.SMALLINT,
            LogicalTypeRoot.INTEGER,
            LogicalTypeRoot.BIGINT,
            LogicalTypeRoot.FLOAT,
            LogicalTypeRoot.DOUBLE,
            LogicalTypeRoot.DATE,
            LogicalTypeRoot.TIME_WITHOUT_TIME_ZONE,
            LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE,
            LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE,
            LogicalTypeRoot.INTERVAL_YEAR_MONTH,
            LogicalTypeRoot.INTERVAL_DAY_TIME,
            LogicalTypeRoot.ARRAY,
            LogicalTypeRoot.MULTISET,
            LogicalTypeRoot.MAP,
            LogicalTypeRoot.ROW,
            LogicalTypeRoot.NULL);

    private Types() {}

    static void check(LogicalType type, String what) {
        if (!KNOWN.contains(type.getTypeRoot())) {
            throw new ValidationException(what + ": there are no values of " + type.asSummaryString() + " in JavaScript");
        }
        for (LogicalType child : type.getChildren()) check(child, what);
    }

    /**
     * The type as Flink itself holds its values, so that nothing is converted twice; and as its planner knows it: there
     * every TIME is a TIME(0), whatever its values hold, and intervals are months or milliseconds.
     */
    static DataType internal(DataType type) {
        return DataTypeUtils.toInternalDataType(DataTypeUtils.transform(type, Types::planned));
    }

    private static DataType planned(DataType type) {
        DataType planned = switch (type.getLogicalType().getTypeRoot()) {
            case TIME_WITHOUT_TIME_ZONE -> DataTypes.TIME(0);
            case INTERVAL_DAY_TIME -> DataTypes.INTERVAL(DataTypes.SECOND(3));
            case INTERVAL_YEAR_MONTH -> DataTypes.INTERVAL(DataTypes.MONTH());
            default -> type;
        };
        return type.getLogicalType().isNullable() ? planned : planned.notNull();
    }

    /** The type as an object of JavaScript. */
    static String descriptor(LogicalType type, boolean bigints) {
        StringBuilder to = new StringBuilder();
        describe(type, bigints, to);
        return to.toString();
    }

    private static void describe(LogicalType type, boolean bigints, StringBuilder to) {
        to.append("{root:").append(quoted(type.getTypeRoot().name()));
        to.append(",text:").append(quoted(type.asSummaryString()));
        to.append(",nullable:").append(type.isNullable());
        switch (type.getTypeRoot()) {
            case BIGINT -> to.append(",bigint:").append(bigints);
            case DECIMAL -> {
                to.append(",precision:").append(LogicalTypeChecks.getPrecision(type));
                to.append(",scale:").append(LogicalTypeChecks.getScale(type));
            }
            case TIME_WITHOUT_TIME_ZONE, TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> to.append(
                            ",precision:")
                    .append(LogicalTypeChecks.getPrecision(type));
            case ROW -> {
                to.append(",names:[");
                for (RowType.RowField field : ((RowType) type).getFields()) to.append(quoted(field.getName())).append(',');
                to.append(']');
            }
            default -> {}
        }
        List<LogicalType> children = type.getChildren();
        if (!children.isEmpty()) {
            to.append(",children:[");
            for (LogicalType child : children) {
                describe(child, bigints, to);
                to.append(',');
            }
            to.append(']');
        }
        to.append('}');
    }

    /** A literal of JavaScript. */
    static String quoted(String text) {
        StringBuilder to = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') to.append('\\').append(c);
            else if (c < ' ' || c == '\u2028' || c == '\u2029') to.append(String.format("\\u%04x", (int) c));
            else to.append(c);
        }
        return to.append('"').toString();
    }
}
