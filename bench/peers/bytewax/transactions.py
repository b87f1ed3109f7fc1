"""python transactions.py FILE: the program of w2 in Bytewax."""

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import bytewax.operators as op
import bytewax.operators.windowing as windowing
from bytewax.connectors.files import FileSource
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main

results = 0
total = 0


class Sums(StatelessSinkPartition):
    def write_batch(self, items):
        global results, total
        for name, (window, amount) in items:
            if results == 0:
                print(f"{name},{window},{amount}", flush=True)
            results += 1
            total += amount


class Sink(DynamicSink):
    def build(self, step_id, worker_index, worker_count):
        return Sums()


def parse(line):
    _card, name, _id, amount, _direction, time = line.split(",")
    return name, (int(amount), datetime.fromtimestamp(int(time) / 1000, timezone.utc))


flow = Dataflow("transactions")
lines = op.input("lines", flow, FileSource(Path(sys.argv[1]), batch_size=1000))
large = op.filter("large", op.map("parse", lines, parse), lambda item: item[1][0] >= 5000)
clock = windowing.EventClock(ts_getter=lambda item: item[1], wait_for_system_duration=timedelta(seconds=3))
minutes = windowing.TumblingWindower(align_to=datetime(2023, 1, 1, tzinfo=timezone.utc), length=timedelta(minutes=1))
sums = windowing.fold_window(
    "sum", large, clock, minutes, lambda: 0, lambda so_far, item: so_far + item[0], lambda a, b: a + b
)
op.output("out", sums.down, Sink())
run_main(flow)
print(f"END results={results} total={total}")
