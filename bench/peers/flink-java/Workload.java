import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** java Workload words|transactions FILE: the programs of w1 and w2 in Flink's Java API, at parallelism 1. */
public class Workload {
  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    env.getConfig().enableObjectReuse();
    FileSource<String> file =
        FileSource.forRecordStreamFormat(new TextLineInputFormat(), new Path(args[1])).build();
    DataStream<String> lines = env.fromSource(file, WatermarkStrategy.noWatermarks(), "lines");
    if (args[0].equals("words")) words(lines);
    else transactions(lines);
    env.execute(args[0]);
    System.out.println(Seen.last());
  }

  static void words(DataStream<String> lines) {
    lines
        .flatMap(
            (String line, Collector<Tuple2<String, Long>> out) -> {
              for (String word : line.split(" ")) if (!word.isEmpty()) out.collect(Tuple2.of(word, 1L));
            })
        .returns(Types.TUPLE(Types.STRING, Types.LONG))
        .keyBy(counted -> counted.f0)
        .reduce((a, b) -> Tuple2.of(a.f0, a.f1 + b.f1))
        .addSink(new WordSink());
  }

  static void transactions(DataStream<String> lines) {
    lines
        .map(
            line -> {
              String[] fields = line.split(",");
              return Tuple3.of(fields[1], Long.parseLong(fields[3]), Long.parseLong(fields[5]));
            })
        .returns(Types.TUPLE(Types.STRING, Types.LONG, Types.LONG))
        .filter(transaction -> transaction.f1 >= 5000)
        .assignTimestampsAndWatermarks(
            WatermarkStrategy.<Tuple3<String, Long, Long>>forBoundedOutOfOrderness(Duration.ofSeconds(3))
                .withTimestampAssigner((transaction, before) -> transaction.f2))
        .keyBy(transaction -> transaction.f0)
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
        .aggregate(new Total(), new WithWindow())
        .addSink(new SumSink());
  }

  /** What came out; a local cluster runs in this process. */
  static class Seen {
    static long results;
    static long total;
    static final Map<String, Long> counts = new HashMap<>();

    static void result(Object value) {
      if (results++ > 0) return;
      System.out.println(value);
      System.out.flush();
    }

    static String last() {
      long sumsq = 0;
      for (long count : counts.values()) sumsq += count * count;
      return counts.isEmpty()
          ? "END results=" + results + " total=" + total
          : "END words=" + results + " distinct=" + counts.size() + " sumsq=" + sumsq;
    }
  }

  static class WordSink extends RichSinkFunction<Tuple2<String, Long>> {
    @Override
    public void invoke(Tuple2<String, Long> counted, Context context) {
      Seen.result(counted);
      Seen.counts.put(counted.f0, counted.f1);
    }
  }

  static class SumSink extends RichSinkFunction<Tuple4<String, Long, Long, Long>> {
    @Override
    public void invoke(Tuple4<String, Long, Long, Long> sum, Context context) {
      Seen.result(sum);
      Seen.total += sum.f3;
    }
  }

  static class Total implements AggregateFunction<Tuple3<String, Long, Long>, Long, Long> {
    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Tuple3<String, Long, Long> transaction, Long sum) {
      return sum + transaction.f1;
    }

    @Override
    public Long getResult(Long sum) {
      return sum;
    }

    @Override
    public Long merge(Long a, Long b) {
      return a + b;
    }
  }

  static class WithWindow
      extends ProcessWindowFunction<Long, Tuple4<String, Long, Long, Long>, String, TimeWindow> {
    @Override
    public void process(
        String name, Context context, Iterable<Long> sums, Collector<Tuple4<String, Long, Long, Long>> out) {
      TimeWindow window = context.window();
      out.collect(Tuple4.of(name, window.getStart(), window.getEnd(), sums.iterator().next()));
    }
  }
}
