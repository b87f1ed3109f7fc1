import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../src/core/clock.js';
import {
  END_OF_INPUT,
  type Job,
  Operator,
  RestartStrategies,
  type SourceReader,
  streamEnv,
} from '../../../src/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-failing-'));
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

type Part = Partial<Pick<Operator<number, never>, 'snapshotState' | 'checkpointCompleted' | 'close'>>;

class Ledger extends Operator<number, never> {
  constructor(part: Part) {
    super('Ledger');
    Object.assign(this, part);
  }
  override processElement(): void {}
}

/** A source that stands still, or ends; with a sink of which some part fails. */
function start(part: Part, reader: Partial<SourceReader<number>> = {}, options: { ends?: boolean } = {}): Promise<Job> {
  const env = streamEnv({ clock: new VirtualClock(), checkpointing: { intervalMs: 3_600_000 } });
  env.setRestartStrategy(RestartStrategies.noRestart());
  const source = {
    name: 'Tape',
    bounded: true,
    createReader: (): SourceReader<number> => ({
      poll: () => (options.ends === true ? END_OF_INPUT : undefined),
      position: () => 0,
      ...reader,
    }),
  };
  env.fromSource(source).sinkTo({ name: 'Ledger', createOperator: () => new Ledger(part) });
  return env.executeAsync('books');
}

const bad = (): never => {
  throw new Error('no ink');
};

describe('a checkpoint of which a part fails names whose it was', () => {
  test.each<[string, Part, Partial<SourceReader<number>>, RegExp]>([
    ['prepare', { snapshotState: bad }, {}, /Ledger failed while it prepared checkpoint 1: no ink/],
    [
      'prepare, later',
      { snapshotState: async () => bad() },
      {},
      /Ledger failed while it prepared checkpoint 1: no ink/,
    ],
    ['commit', { checkpointCompleted: bad }, {}, /Ledger failed while it committed checkpoint 1: no ink/],
    [
      'commit, later',
      { checkpointCompleted: async () => bad() },
      {},
      /Ledger failed while it committed checkpoint 1: no/,
    ],
    ['position', {}, { position: bad }, /Tape failed while it told its position for checkpoint 1: no ink/],
    ['position', {}, { position: () => ({ at: bad }) }, /Tape failed while .*: .* the position \.at is a function/],
    ['commit of a source', {}, { checkpointCompleted: bad }, /Tape failed while it committed checkpoint 1: no ink/],
  ])('%s', async (_what, part, reader, message) => {
    const job = await start(part, reader);
    await expect(job.checkpoint()).rejects.toThrow(message);
    await expect(job.wait()).rejects.toThrow(message);
  });
});

describe('closing', () => {
  test('that fails at the end of a job fails the job', async () => {
    const job = await start({ close: bad }, {}, { ends: true });
    await expect(job.wait()).rejects.toThrow(/Ledger failed when it was closed: no ink/);
    expect(job.status).toBe('failed');
  });

  test('that fails after the job was cancelled is of no interest', async () => {
    const job = await start({ close: bad });
    await job.checkpoint();
    await job.cancel();
    expect(job.status).toBe('cancelled');
  });

  test('that never ends holds up no job that was cancelled', async () => {
    const job = await start({ close: () => new Promise(() => undefined) });
    await job.checkpoint();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const cancelled = job.cancel();
    let over = false;
    void cancelled.then(() => {
      over = true;
    });
    while (!over) await vi.advanceTimersByTimeAsync(10_000);
    expect(job.status).toBe('cancelled');
    expect(console.warn).toHaveBeenCalledWith(expect.stringMatching(/^Ledger was asked to close .* ends without it/));
  });
});

test('a job that stops goes on with no checkpoints at intervals, however long its sinks take', async () => {
  const clock = new VirtualClock();
  const env = streamEnv({ clock, checkpointing: { intervalMs: 10 } });
  const prepared: (() => void)[] = [];
  const part: Part = { snapshotState: () => new Promise((resolve) => prepared.push(resolve)) };
  env
    .fromCollection(async function* () {
      await new Promise(() => undefined);
      yield 1;
    })
    .sinkTo({ name: 'Ledger', createOperator: () => new Ledger(part) });
  const job = await env.executeAsync();
  await vi.waitFor(() => expect(job.status).toBe('running'), 60_000);
  const stopped = job.stopWithSavepoint(join(folder, 'sp'));
  let through = false;
  void stopped.then(() => {
    through = true;
  });
  let taken = 0;
  while (!through) {
    // The clock goes on while the sink prepares.
    await vi.waitFor(() => expect(through || prepared.length > 0).toBe(true), 60_000);
    void clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
    for (const done of prepared.splice(0)) done();
    expect(++taken).toBeLessThan(10);
  }
  expect((await stopped).kind).toBe('savepoint');
  expect(job.status).toBe('finished');
});
