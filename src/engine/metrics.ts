/** The counters and gauges of one operator subtask, under Flink's metric names in camelCase. */
export class OperatorMetrics {
  /** Late elements that no window took. */
  numLateRecordsDropped = 0;
  /** Bad records that were skipped, as the user chose. */
  numRecordsSkipped = 0;
  /** Things counted under a name of one's own. */
  readonly counters = new Map<string, Counter>();

  counter(name: string): Counter {
    let counter = this.counters.get(name);
    if (counter === undefined) {
      counter = new Counter();
      this.counters.set(name, counter);
    }
    return counter;
  }
}

/** Counts. */
export class Counter {
  count = 0;

  inc(by = 1): void {
    this.count += by;
  }

  dec(by = 1): void {
    this.count -= by;
  }
}
