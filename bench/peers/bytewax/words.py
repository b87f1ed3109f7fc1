"""python words.py FILE: the program of w1 in Bytewax."""

import sys
from pathlib import Path

import bytewax.operators as op
from bytewax.connectors.files import FileSource
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main

results = 0
counts = {}


class Updates(StatelessSinkPartition):
    def write_batch(self, items):
        global results
        for word, count in items:
            if results == 0:
                print(f"{word},{count}", flush=True)
            results += 1
            counts[word] = count


class Sink(DynamicSink):
    def build(self, step_id, worker_index, worker_count):
        return Updates()


def rolling_count(state, _word):
    state = 1 if state is None else state + 1
    return state, state


flow = Dataflow("words")
lines = op.input("lines", flow, FileSource(Path(sys.argv[1]), batch_size=1000))
words = op.flat_map("words", lines, lambda line: line.split())
keyed = op.key_on("by_word", words, lambda word: word)
op.output("out", op.stateful_map("count", keyed, rolling_count), Sink())
run_main(flow)
sumsq = sum(count * count for count in counts.values())
print(f"END words={results} distinct={len(counts)} sumsq={sumsq}")
