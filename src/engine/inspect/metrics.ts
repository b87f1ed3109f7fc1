/** The counters and gauges of one operator subtask, under Flink's metric names in camelCase. */
export class OperatorMetrics {
  /** Late elements that no window took. */
  numLateRecordsDropped = 0;
  /** Bad records that were skipped, as the user chose. */
  numRecordsSkipped = 0;
  /** How long elements had been under way when they came here. */
  readonly latency = new Histogram();
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

/** Percentiles of something, ms. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

const KEPT = 512;

/** The distribution of the last 512 values. */
export class Histogram {
  private count = 0;
  private values: number[] = [];

  add(value: number): void {
    this.values[this.count++ % KEPT] = value;
  }

  /** The values that are kept. */
  kept(): readonly number[] {
    return this.values;
  }
}

/** The percentiles over several histograms; `undefined` before the first value. */
export function percentilesOf(histograms: readonly Histogram[]): Percentiles | undefined {
  const values = histograms.flatMap((one) => one.kept()).sort((a, b) => a - b);
  if (values.length === 0) return undefined;
  const at = (share: number): number => values[Math.ceil(share * values.length) - 1] ?? 0;
  return { count: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
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
