import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OperatorListState } from '../../../src/engine/state/operator-state.js';
import {
  type CheckpointedFunction,
  type Collector,
  type FunctionInitializationContext,
  type FunctionSnapshotContext,
  ListStateDescriptor,
  type ProcessContext,
  ProcessFunction,
  streamEnv,
} from '../../../src/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-function-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Keeps elements back for ever; tells what it began with. */
class Keeping extends ProcessFunction<number, string> implements CheckpointedFunction {
  private held: number[] = [];
  private begun = '';
  private told = false;
  private list!: OperatorListState<number>;
  private union!: OperatorListState<number>;

  initializeState(context: FunctionInitializationContext): void {
    const store = context.getOperatorStateStore();
    this.list = store.getListState(new ListStateDescriptor<number>('held'));
    this.union = store.getUnionListState(new ListStateDescriptor<number>('all'));
    this.held = [...this.list.get()];
    this.begun = `${context.isRestored()} ${this.held.length} ${this.union.get().length}`;
  }

  snapshotState(context: FunctionSnapshotContext): void {
    expect(context.getCheckpointId()).toBeGreaterThan(0);
    expect(context.getCheckpointTimestamp()).toBeLessThanOrEqual(Date.now());
    this.list.update(this.held);
    this.union.update(this.held);
  }

  override processElement(n: number, _context: ProcessContext, out: Collector<string>): void {
    this.held.push(n);
    if (!this.told) out.collect(this.begun);
    this.told = true;
  }
}

test('what a function holds in fields is in snapshots, and is shared out anew', async () => {
  const run = async (to: number, parallelism: number, restoreFrom?: string): Promise<string[]> => {
    const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage: folder } });
    const seen: string[] = [];
    env
      .fromSequence(1, to)
      .uid('numbers')
      .rebalance()
      .process(new Keeping())
      .setParallelism(parallelism)
      .uid('keeping')
      .forEach((text) => void seen.push(text))
      .setParallelism(1);
    await env.execute(restoreFrom === undefined ? {} : { restoreFrom });
    return seen;
  };
  expect(await run(6, 1)).toEqual(['false 0 0']);
  // Six held by one subtask: shared out among two, and all of them to each.
  expect(await run(10, 2, 'latest')).toEqual(['true 3 6', 'true 3 6']);
  expect(await run(12, 1, 'latest')).toEqual(['true 10 10']);
});
