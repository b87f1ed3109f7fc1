import { describe, expect, test } from 'vitest';
import { chainOf } from '../../../src/flink/jobs/chain.js';
import type { JobFigures, StepFigures } from '../../../src/flink/jobs/figures.js';
import { pictureOf } from '../../../src/flink/jobs/picture.js';

function step(id: string, name: string, more: Partial<StepFigures> = {}): StepFigures {
  const operators = chainOf(name).map((one, i) => ({
    ...one,
    recordsIn: i * 10,
    recordsOut: (i + 1) * 10,
    recordsInPerSecond: 0,
    recordsOutPerSecond: 0,
    lateRecords: 0,
    watermark: Number(-(2n ** 63n)),
  }));
  return {
    id,
    name,
    parallelism: 1,
    status: 'RUNNING',
    recordsIn: 0,
    recordsOut: 0,
    recordsInPerSecond: 0,
    recordsOutPerSecond: 0,
    busy: 0.25,
    backPressured: 0.5,
    watermark: undefined,
    watermarkLagMs: undefined,
    latencyP99Ms: undefined,
    lateRecords: 0,
    operators,
    ...more,
  };
}

const figures: JobFigures = {
  state: 'RUNNING',
  restarts: 2,
  durationMs: 4000,
  // As Flink lists them: readers first.
  steps: [
    step('b', 'GroupAggregate[6] -> sums[7]: Writer'),
    step('c', 'few[9]: Writer'),
    step('a', 'Source: clicks[1] -> (Calc[4], Calc[8])'),
  ],
  inputs: [
    { from: 'a', to: 'b', ship: 'HASH' },
    { from: 'a', to: 'c', ship: 'FORWARD' },
  ],
  checkpoints: {
    completed: 3,
    failed: 1,
    inProgress: 0,
    restored: 2,
    bytesOfSteps: { b: 1234 },
    lastDurationMs: 20,
    lastBytes: 1300,
    lastPath: undefined,
  },
};
const about = { name: 'probe\nsecond line', webUi: 'http://127.0.0.1:8081/#/job', failure: 'the disk is full' };

describe('the picture of a job of a cluster', () => {
  test('has a box for each operator, each after those it reads from', () => {
    const { nodes, name } = pictureOf({ ...about, figures });
    expect(name).toBe('probe');
    const edges = nodes.map((node) => [
      node.name,
      node.kind,
      ...node.inputs.map(({ from, ship }) => `${nodes.find(({ id }) => id === from)?.uid} ${ship}`),
    ]);
    expect(edges).toEqual([
      ['Source: clicks', 'source'],
      ['Calc', 'operator', 'a-0 forward'],
      ['Calc', 'operator', 'a-0 forward'],
      ['GroupAggregate', 'operator', 'a-1 hash'],
      ['sums: Writer', 'operator', 'b-0 forward'],
      ['few: Writer', 'operator', 'a-2 forward'],
    ]);
  });

  test('has their figures', () => {
    const { metrics } = pictureOf({ ...about, figures });
    expect(metrics).toMatchObject({ restarts: 2, backPressured: 0.5, checkpoints: { triggered: 4, completed: 3 } });
    expect(metrics.operators.map(({ stateBytes }) => stateBytes)).toEqual([0, 0, 0, 1234, 0, 0]);
    expect(metrics.operators[1]).toMatchObject({ numRecordsIn: 10, numRecordsOut: 20, busy: 0.25 });
    expect(metrics.operators[0]?.currentWatermark).toBe(Number.NEGATIVE_INFINITY);
    expect(metrics.operators[0]?.watermarkLagMs).toBeUndefined();
  });

  test('says what went wrong while it starts again, and when it has failed', () => {
    expect(pictureOf({ ...about, figures }).error).toBeUndefined();
    for (const [state, status] of [
      ['RESTARTING', 'restarting'],
      ['FAILED', 'failed'],
    ] as const) {
      const picture = pictureOf({ ...about, figures: { ...figures, state } });
      expect(picture).toMatchObject({ status, error: { message: 'the disk is full' } });
    }
  });

  test('of steps in a circle ends all the same', () => {
    const circle = { ...figures, inputs: [...figures.inputs, { from: 'b', to: 'a', ship: 'FORWARD' }] };
    expect(pictureOf({ ...about, figures: circle }).nodes).toHaveLength(6);
  });
});
