package dev.streambook.js;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * One call as it stands in a statement. It travels with the job; the script is made of it where the job runs.
 *
 * @param name what messages call the function
 * @param firstLine the number of the source's first line, for messages
 * @param bigints whether the function gets BIGINT as bigint, and not as number
 * @param table whether it gives rows; {@code result} is a ROW then
 */
record Definition(
        String name,
        String source,
        int firstLine,
        boolean bigints,
        List<LogicalType> operands,
        LogicalType result,
        boolean table)
        implements Serializable {

    private static final Pattern HEADER = Pattern.compile("^//@[ \\t]*([^\\s:]*)(?::(-?\\d{1,9}))?([ \\t]+bigint)?[ \\t]*\\r?\\n");

    private static final String NAMELESS = "the function";

    /** @param text the source; it may begin with a line {@code //@ name:number of the line after this one bigint} */
    static Definition of(String text, List<LogicalType> operands, LogicalType result, boolean table) {
        Matcher header = HEADER.matcher(text);
        if (!header.find()) return new Definition(NAMELESS, text, 1, false, operands, result, table);
        String name = header.group(1).isEmpty() ? NAMELESS : header.group(1);
        int firstLine = header.group(2) == null ? 1 : Integer.parseInt(header.group(2));
        boolean bigints = header.group(3) != null;
        return new Definition(name, text.substring(header.end()), firstLine, bigints, operands, result, table);
    }
}
