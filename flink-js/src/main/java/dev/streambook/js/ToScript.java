package dev.streambook.js;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.apache.flink.table.types.logical.RowType;
import org.graalvm.polyglot.proxy.ProxyArray;

/**
 * Values of Flink to what crosses into JavaScript: null, booleans, numbers, texts and lists of these. values.js makes
 * of them what a function gets.
 */
interface ToScript {
    long MAX_SAFE = (1L << 53) - 1;

    Object of(Object value);

    /**
     * @param bigints whether a function gets BIGINT as bigint
     * @param where for messages: {@code argument 1 of twice}
     */
    static ToScript of(LogicalType type, boolean bigints, String where) {
        ToScript one = notNull(type, bigints, where);
        return value -> value == null ? null : one.of(value);
    }

    private static ToScript notNull(LogicalType type, boolean bigints, String where) {
        return switch (type.getTypeRoot()) {
            case CHAR, VARCHAR -> Object::toString;
            case BIGINT -> bigints ? value -> value : value -> safe((Long) value, where);
            case TINYINT, SMALLINT -> value -> ((Number) value).intValue();
            case FLOAT -> value -> ((Float) value).doubleValue();
            case DECIMAL -> value -> ((DecimalData) value).toBigDecimal().toPlainString();
            case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> value ->
                    moment((TimestampData) value);
            case INTERVAL_DAY_TIME -> value -> ((Long) value).doubleValue();
            case BINARY, VARBINARY -> value -> new String((byte[]) value, StandardCharsets.ISO_8859_1);
            case ARRAY -> list(type.getChildren().get(0), bigints, "an element of " + where);
            case MAP -> entries(
                    list(((MapType) type).getKeyType(), bigints, "a key of " + where),
                    list(((MapType) type).getValueType(), bigints, "a value of " + where));
            case MULTISET -> entries(
                    list(((MultisetType) type).getElementType(), bigints, "an element of " + where),
                    list(new IntType(false), bigints, where));
            case ROW -> row((RowType) type, bigints, where);
            default -> value -> value;
        };
    }

    private static double safe(long value, String where) {
        if (value <= MAX_SAFE && value >= -MAX_SAFE) return value;
        throw new JsException(where + ": " + value + " is beyond 2^53-1: a JavaScript number would round it"
                + " (a function with { bigint: 'bigint' } gets BIGINT as bigint)");
    }

    /** Milliseconds; where there is something behind them, a list of both. */
    private static Object moment(TimestampData value) {
        double ms = value.getMillisecond();
        int nanos = value.getNanoOfMillisecond();
        return nanos == 0 ? (Object) ms : ProxyArray.fromArray(ms, nanos);
    }

    private static ToScript list(LogicalType element, boolean bigints, String where) {
        if (element.is(LogicalTypeRoot.NULL)) return value -> ProxyArray.fromArray(new Object[((ArrayData) value).size()]);
        ArrayData.ElementGetter getter = ArrayData.createElementGetter(element);
        ToScript one = of(element, bigints, where);
        return value -> {
            ArrayData array = (ArrayData) value;
            Object[] to = new Object[array.size()];
            for (int i = 0; i < to.length; i++) to[i] = one.of(getter.getElementOrNull(array, i));
            return ProxyArray.fromArray(to);
        };
    }

    private static ToScript entries(ToScript keys, ToScript values) {
        return map -> ProxyArray.fromArray(keys.of(((MapData) map).keyArray()), values.of(((MapData) map).valueArray()));
    }

    private static ToScript row(RowType type, boolean bigints, String where) {
        List<LogicalType> fields = type.getChildren();
        int size = fields.size();
        RowData.FieldGetter[] getters = new RowData.FieldGetter[size];
        ToScript[] each = new ToScript[size];
        for (int i = 0; i < size; i++) {
            LogicalType field = fields.get(i);
            getters[i] = field.is(LogicalTypeRoot.NULL) ? row -> null : RowData.createFieldGetter(field, i);
            each[i] = of(field, bigints, where + ", column `" + type.getFieldNames().get(i) + "`");
        }
        return value -> {
            Object[] to = new Object[size];
            for (int i = 0; i < size; i++) to[i] = each[i].of(getters[i].getFieldOrNull((RowData) value));
            return ProxyArray.fromArray(to);
        };
    }
}
