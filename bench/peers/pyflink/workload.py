"""python workload.py words|transactions FILE: the programs of w1 and w2 in PyFlink, thread mode, parallelism 1.

The last line comes from `execute_and_collect`, which brings every result into this process.
"""

import sys

from pyflink.common import Configuration, Duration, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import AggregateFunction, ProcessWindowFunction, StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSource, StreamFormat
from pyflink.datastream.window import TumblingEventTimeWindows


class TransactionTime(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[2]


class Total(AggregateFunction):
    def create_accumulator(self):
        return 0

    def add(self, value, accumulator):
        return accumulator + value[1]

    def get_result(self, accumulator):
        return accumulator

    def merge(self, a, b):
        return a + b


class WithWindow(ProcessWindowFunction):
    def process(self, key, context, elements):
        window = context.window()
        yield key, window.start, window.end, next(iter(elements))


def parse(line):
    fields = line.split(",")
    return fields[1], int(fields[3]), int(fields[5])


settings = Configuration()
settings.set_string("python.executable", sys.executable)
settings.set_string("python.client.executable", sys.executable)
settings.set_string("python.execution-mode", "thread")
env = StreamExecutionEnvironment.get_execution_environment(settings)
env.set_parallelism(1)
source = FileSource.for_record_stream_format(StreamFormat.text_line_format(), sys.argv[2]).build()
lines = env.from_source(source, WatermarkStrategy.no_watermarks(), "lines")

if sys.argv[1] == "words":
    counted = Types.TUPLE([Types.STRING(), Types.LONG()])
    stream = (
        lines.flat_map(lambda line: [(word, 1) for word in line.split()], counted)
        .key_by(lambda item: item[0], Types.STRING())
        .reduce(lambda a, b: (a[0], a[1] + b[1]))
    )
else:
    watermarks = WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_seconds(3))
    stream = (
        lines.map(parse, Types.TUPLE([Types.STRING(), Types.LONG(), Types.LONG()]))
        .filter(lambda item: item[1] >= 5000)
        .assign_timestamps_and_watermarks(watermarks.with_timestamp_assigner(TransactionTime()))
        .key_by(lambda item: item[0], Types.STRING())
        .window(TumblingEventTimeWindows.of(Time.minutes(1)))
        .aggregate(
            Total(), WithWindow(), Types.LONG(), Types.TUPLE([Types.STRING(), Types.LONG(), Types.LONG(), Types.LONG()])
        )
    )

results = 0
total = 0
counts = {}
with stream.execute_and_collect(sys.argv[1]) as collected:
    for result in collected:
        if results == 0:
            print(result, flush=True)
        results += 1
        if sys.argv[1] == "words":
            counts[result[0]] = result[1]
        else:
            total += result[3]
if sys.argv[1] == "words":
    print(f"END words={results} distinct={len(counts)} sumsq={sum(c * c for c in counts.values())}")
else:
    print(f"END results={results} total={total}")
