package dev.streambook.js;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.ConstantArgumentCount;
import org.apache.flink.table.types.inference.InputTypeStrategy;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/** How the functions are called: {@code js('<type of the result>', '<source>', operand, ...)}. */
final class Signature {
    /** Before it come the type of the result and the source. */
    static final int FIRST_OPERAND = 2;

    private static final String TIMEOUT = "streambook.functions.timeout-ms";
    private static final long TIMEOUT_MS = 30_000;

    private Signature() {}

    static TypeInference inference(DataTypeFactory types, boolean table) {
        return TypeInference.newBuilder()
                .inputTypeStrategy(new Operands(table))
                .outputTypeStrategy(call -> Optional.of(Types.internal(result(types, call, table))))
                .build();
    }

    static Definition definition(CallContext call, boolean table) {
        // Not getOutputDataType(): Flink has put that of a table function into a further ROW.
        LogicalType result = result(call.getDataTypeFactory(), call, table).getLogicalType();
        List<LogicalType> operands = new ArrayList<>();
        for (DataType one : call.getArgumentDataTypes().subList(FIRST_OPERAND, call.getArgumentDataTypes().size())) {
            operands.add(one.getLogicalType());
        }
        return Definition.of(literal(call, 1), operands, result, table);
    }

    static long timeoutMs(FunctionContext context) {
        String text = context.getJobParameter(TIMEOUT, String.valueOf(TIMEOUT_MS));
        try {
            long ms = Long.parseLong(text.trim());
            if (ms > 0) return ms;
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new JsException(TIMEOUT + " is '" + text + "': a number of milliseconds above 0 is expected");
    }

    private static DataType result(DataTypeFactory types, CallContext call, boolean table) {
        DataType result = named(types, literal(call, 0));
        Types.check(result.getLogicalType(), "the result of a function of JavaScript");
        if (table && !result.getLogicalType().is(LogicalTypeRoot.ROW)) {
            throw new ValidationException(
                    "a table function of JavaScript gives rows: its type is ROW<...>, and not " + result);
        }
        return result;
    }

    private static DataType named(DataTypeFactory types, String text) {
        try {
            return types.createDataType(text);
        } catch (RuntimeException e) {
            throw new ValidationException("'" + text + "' is no type that a function of JavaScript can give", e);
        }
    }

    private static String literal(CallContext call, int index) {
        return call.getArgumentValue(index, String.class).orElseThrow(() -> new ValidationException(
                "type and source of a function of JavaScript are literals: js('INT', '(n) => n + 1', n)"));
    }

    /** Any operands, as Flink itself holds them. */
    private record Operands(boolean table) implements InputTypeStrategy {
        @Override
        public ArgumentCount getArgumentCount() {
            return ConstantArgumentCount.from(FIRST_OPERAND);
        }

        @Override
        public Optional<List<DataType>> inferInputTypes(CallContext call, boolean throwOnFailure) {
            // Looked at here first: what the other strategy refuses is shown as a defect of Flink.
            result(call.getDataTypeFactory(), call, table);
            List<DataType> given = call.getArgumentDataTypes();
            List<DataType> taken = new ArrayList<>();
            for (int i = 0; i < given.size(); i++) {
                if (i < FIRST_OPERAND) literal(call, i);
                else Types.check(given.get(i).getLogicalType(), "operand " + (i - FIRST_OPERAND + 1));
                taken.add(Types.internal(given.get(i)));
            }
            return Optional.of(taken);
        }

        @Override
        public List<org.apache.flink.table.types.inference.Signature> getExpectedSignatures(FunctionDefinition function) {
            return List.of(org.apache.flink.table.types.inference.Signature.of(
                    org.apache.flink.table.types.inference.Signature.Argument.of("type"),
                    org.apache.flink.table.types.inference.Signature.Argument.of("source"),
                    org.apache.flink.table.types.inference.Signature.Argument.ofGroup("operand...")));
        }
    }
}
