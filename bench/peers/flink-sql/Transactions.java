import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** java Transactions FILE: the program of w3 in Flink SQL, at parallelism 1. */
public class Transactions {
  public static void main(String[] args) throws Exception {
    Configuration config = new Configuration();
    config.setString("parallelism.default", "1");
    config.setString("pipeline.object-reuse", "true");
    TableEnvironment t =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(config).build());
    t.executeSql(
        "CREATE TABLE tx (card STRING, name STRING, id BIGINT, amount INT, direction STRING, `time` BIGINT,"
            + " ts AS TO_TIMESTAMP_LTZ(`time`, 3), WATERMARK FOR ts AS ts - INTERVAL '3' SECOND)"
            + " WITH ('connector'='filesystem', 'path'='file://"
            + args[0]
            + "', 'format'='csv')");
    long results = 0;
    long total = 0;
    try (CloseableIterator<Row> rows =
        t.executeSql(
                "SELECT name, window_start, window_end, SUM(amount) FROM TABLE(TUMBLE(TABLE tx, DESCRIPTOR(ts),"
                    + " INTERVAL '1' MINUTE)) WHERE amount >= 5000 GROUP BY name, window_start, window_end")
            .collect()) {
      while (rows.hasNext()) {
        Row row = rows.next();
        if (results++ == 0) System.out.println(row);
        total += (Integer) row.getField(3);
      }
    }
    System.out.println("END results=" + results + " total=" + total);
  }
}
