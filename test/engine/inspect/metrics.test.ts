import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/core/clock.js';
import { AsyncDataStream, streamEnv } from '../../../src/datastream/index.js';
import { scriptedStream } from '../../../src/datastream/testing/index.js';
import type { RuntimeContext } from '../../../src/engine/functions/runtime-context.js';
import type { JobMetrics, OperatorFigures } from '../../../src/engine/inspect/job-metrics.js';
import { Histogram, percentilesOf } from '../../../src/engine/inspect/metrics.js';
import { boundedOutOfOrderness } from '../../../src/engine/time/watermarks.js';
import { TumblingEventTimeWindows } from '../../../src/engine/windows/assigners.js';

const operator = (metrics: JobMetrics, name: string): OperatorFigures => {
  const found = metrics.operators.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no operator ${name}`);
  return found;
};

describe('percentiles', () => {
  it('are those of the last values', () => {
    const one = new Histogram();
    expect(percentilesOf([one])).toBeUndefined();
    for (let i = 1; i <= 100; i++) one.add(i);
    expect(percentilesOf([one])).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
    for (let i = 0; i < 10_000; i++) one.add(7);
    expect(percentilesOf([one])).toEqual({ count: 512, p50: 7, p95: 7, p99: 7, max: 7 });
  });
});

describe('the metrics of a job', () => {
  it('count per operator and subtask', async () => {
    const env = streamEnv();
    env
      .fromSequence(1, 100)
      .setParallelism(1)
      .filter((n) => n % 2 === 0)
      .name('even')
      .keyBy((n) => n % 5)
      .process<number>({
        open(context: RuntimeContext) {
          (this as { seen?: { inc(): void } }).seen = context.counter('seen');
        },
        processElement(n: number, _context, out) {
          (this as { seen?: { inc(): void } }).seen?.inc();
          out.collect(n);
        },
      })
      .name('seen')
      .setParallelism(2)
      .forEach(() => {});
    const { metrics } = await env.execute('figures');
    expect(operator(metrics, 'Sequence Source')).toMatchObject({ kind: 'source', numRecordsIn: 0, numRecordsOut: 100 });
    expect(operator(metrics, 'even')).toMatchObject({ numRecordsIn: 100, numRecordsOut: 50, parallelism: 1 });
    const seen = operator(metrics, 'seen');
    expect(seen).toMatchObject({ numRecordsIn: 50, numRecordsOut: 50, counters: { seen: 50 }, parallelism: 2 });
    expect(seen.subtasks.map((one) => one.numRecordsIn).reduce((a, b) => a + b)).toBe(50);
    expect(seen.subtasks.every((one) => one.counters.seen === one.numRecordsIn)).toBe(true);
    expect(seen.currentWatermark).toBe(Number.POSITIVE_INFINITY);
    expect(seen.watermarkLagMs).toBeUndefined();
    expect(seen.latencyMs?.count).toBeGreaterThan(0);
    expect(seen.latencyMs?.p50).toBeGreaterThanOrEqual(0);
  });

  it('count under any name, over all subtasks', async () => {
    const env = streamEnv({ parallelism: 2 });
    const names = ['constructor', '__proto__', 'two words'];
    env
      .fromSequence(1, 10)
      .process<number>({
        open(context: RuntimeContext) {
          for (const name of names) context.counter(name).inc();
        },
        processElement: () => {},
      })
      .name('counting')
      .forEach(() => {});
    const { metrics } = await env.execute();
    const { counters } = operator(metrics, 'counting');
    expect(Object.entries(counters).sort()).toEqual([...names].sort().map((name) => [name, 2]));
  });

  it('know the watermark, its lag, and the size of state', async () => {
    const env = streamEnv({ clock: virtualClock({ startMs: 1000 }) });
    scriptedStream<[string, number]>(env, [
      { value: ['a', 1], timestamp: 100 },
      { value: ['b', 1], timestamp: 200 },
      { watermark: 150 },
      { pauseMs: 1_000_000 },
    ])
      .keyBy((pair) => pair[0])
      .window(TumblingEventTimeWindows.of<[string, number]>(500))
      .sum(1)
      .name('windows')
      .forEach(() => {});
    const job = await env.executeAsync();
    await env.advance(50);
    const windows = operator(job.metrics(), 'windows');
    expect(windows).toMatchObject({ currentWatermark: 150, watermarkLagMs: 900, stateEntries: 2 });
    expect(windows.stateBytes).toBeGreaterThan(4);
    expect(operator(job.metrics(), 'Scripted Source 1')).toMatchObject({ currentWatermark: 150, watermarkLagMs: 900 });
    await job.cancel();
  });

  it('show who holds the sources up', async () => {
    const env = streamEnv();
    const answers: (() => void)[] = [];
    AsyncDataStream.orderedWait(
      env.fromSequence(1, 3),
      (n) => new Promise<number>((resolve) => answers.push(() => resolve(n))),
      { capacity: 1 },
    )
      .name('asking')
      .forEach(() => {});
    const job = await env.executeAsync();
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const until = performance.now() + 20;
    while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
    const metrics = job.metrics();
    expect(metrics.backPressured).toBeGreaterThan(0);
    expect(operator(metrics, 'asking').backPressured).toBeGreaterThan(0);
    expect(operator(metrics, 'ForEach').backPressured).toBe(0);
    const pump = setInterval(() => {
      for (const answer of answers.splice(0)) answer();
    }, 1);
    await job.wait();
    clearInterval(pump);
    // The marks that measure latency waited with the elements.
    expect(operator(job.metrics(), 'ForEach').latencyMs?.max).toBeGreaterThan(0);
  });

  it('hold what checkpoints came to, and are written for Prometheus', async () => {
    const env = streamEnv();
    env.enableCheckpointing(60_000);
    env
      .fromElements({ k: 'a', ts: 1000 }, { k: 'b', ts: 2000 })
      .assignTimestampsAndWatermarks(boundedOutOfOrderness<{ k: string; ts: number }>(0, (x) => x.ts))
      .keyBy((x) => x.k)
      .reduce((a) => a)
      .name('a "quoted"\\ name')
      .uid('last')
      .forEach(() => {});
    const { metrics } = await env.execute('prom');
    expect(metrics.checkpoints.completed).toBe(1);
    const text = metrics.toPrometheus();
    expect(text).toContain('# TYPE streambook_operator_records_in_total counter\n');
    const labels = '{job="prom",operator="a \\"quoted\\"\\\\ name",uid="last",subtask="0"}';
    expect(text).toContain(`streambook_operator_records_in_total${labels} 2\n`);
    expect(text).toContain(`streambook_operator_state_entries${labels} 2\n`);
    expect(text).toContain(`streambook_operator_watermark_ms${labels} +Inf\n`);
    expect(text).toContain('streambook_job_checkpoints_completed_total{job="prom"} 1\n');
    expect(text).toMatch(/streambook_job_last_checkpoint_size_bytes\{job="prom"\} \d+\n/);
    expect(text).toContain('quantile="0.99"');
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) streambook_\w+ .+|streambook_\w+\{.*\} (-?\d+(\.\d+)?(e[+-]?\d+)?|[+-]Inf))$/,
      );
    }
    const families = text.match(/# TYPE (\w+)/g) ?? [];
    expect(new Set(families).size).toBe(families.length);
  });

  it('know rates that fall when nothing comes any more', async () => {
    const { Meters } = await import('../../../src/engine/inspect/meters.js');
    const node = { id: 1 };
    const source = { node, subtask: 0, count: 0 };
    const topology = { sources: [source], operators: [], mainChannels: new Map() };
    const meters = new Meters(
      () => topology as never,
      () => ({ blockedMs: 0, idleMs: 0 }),
    );
    for (let second = 0; second <= 20; second++) {
      meters.tick(second * 1000);
      source.count += 500;
    }
    expect(meters.since(20_000).rates('1/0').recordsOut).toBeCloseTo(550, 5);
    // A minute later nothing has been remembered since: compared with the last sample.
    expect(meters.since(80_000).rates('1/0').recordsOut).toBeLessThan(10);
  });

  it('stay as they were when the job ended', async () => {
    const job = await streamEnv()
      .fromElements(1, 2, 3)
      .map((n) => n)
      .executeAsync('three');
    await job.wait();
    const rates = () => job.metrics().operators.map(({ numRecordsInPerSecond }) => numRecordsInPerSecond);
    const atTheEnd = rates();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(rates()).toEqual(atTheEnd);
  });
});
