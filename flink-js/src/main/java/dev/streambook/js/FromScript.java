package dev.streambook.js;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.graalvm.polyglot.Value;

/** What values.js has checked and written down, to values of Flink. */
interface FromScript {
    Object of(Value value);

    static FromScript of(LogicalType type) {
        FromScript one = notNull(type);
        return value -> value.isNull() ? null : one.of(value);
    }

    private static FromScript notNull(LogicalType type) {
        return switch (type.getTypeRoot()) {
            case CHAR, VARCHAR -> value -> StringData.fromString(value.asString());
            case BOOLEAN -> Value::asBoolean;
            case TINYINT -> value -> (byte) value.asDouble();
            case SMALLINT -> value -> (short) value.asDouble();
            case INTEGER, DATE, TIME_WITHOUT_TIME_ZONE, INTERVAL_YEAR_MONTH -> value -> (int) value.asDouble();
            case BIGINT, INTERVAL_DAY_TIME -> value ->
                    value.isString() ? Long.parseLong(value.asString()) : (long) value.asDouble();
            case FLOAT -> value -> (float) value.asDouble();
            case DOUBLE -> Value::asDouble;
            case DECIMAL -> decimal((DecimalType) type);
            case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> FromScript::timestamp;
            case BINARY, VARBINARY -> value -> value.asString().getBytes(StandardCharsets.ISO_8859_1);
            case ARRAY -> {
                FromScript element = of(type.getChildren().get(0));
                yield value -> new GenericArrayData(list(value, element));
            }
            case MAP -> entries(of(((MapType) type).getKeyType()), of(((MapType) type).getValueType()));
            case MULTISET -> entries(of(((MultisetType) type).getElementType()), of(new IntType(false)));
            case ROW -> row(type.getChildren());
            default -> value -> null;
        };
    }

    /** Whole numbers of the last digit. */
    private static FromScript decimal(DecimalType type) {
        return value -> DecimalData.fromBigDecimal(
                new BigDecimal(new BigInteger(value.asString()), type.getScale()), type.getPrecision(), type.getScale());
    }

    /** Milliseconds, or a list of them and the nanoseconds behind. */
    private static Object timestamp(Value value) {
        if (value.isNumber()) return TimestampData.fromEpochMillis((long) value.asDouble());
        return TimestampData.fromEpochMillis(
                (long) value.getArrayElement(0).asDouble(), value.getArrayElement(1).asInt());
    }

    private static Object[] list(Value value, FromScript element) {
        Object[] to = new Object[(int) value.getArraySize()];
        for (int i = 0; i < to.length; i++) to[i] = element.of(value.getArrayElement(i));
        return to;
    }

    private static FromScript entries(FromScript key, FromScript item) {
        return value -> {
            Object[] keys = list(value.getArrayElement(0), key);
            Object[] items = list(value.getArrayElement(1), item);
            Map<Object, Object> to = new LinkedHashMap<>();
            for (int i = 0; i < keys.length; i++) to.put(keys[i], items[i]);
            return new GenericMapData(to);
        };
    }

    static FromScript row(List<LogicalType> fields) {
        FromScript[] each = fields.stream().map(FromScript::of).toArray(FromScript[]::new);
        return value -> {
            GenericRowData to = new GenericRowData(each.length);
            for (int i = 0; i < each.length; i++) to.setField(i, each[i].of(value.getArrayElement(i)));
            return to;
        };
    }
}
