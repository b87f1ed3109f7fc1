import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { streamEnv } from '../../../src/datastream/index.js';
import { Operator } from '../../../src/engine/operator.js';
import { WatermarkStrategy } from '../../../src/engine/time/watermarks.js';

it('no periodic watermark comes after the snapshot with which a job ends', async () => {
  const marks: string[] = [];
  class Slow extends Operator<number, never> {
    override processElement(): void {}
    override processWatermark(watermark: number): void {
      marks.push(`watermark ${watermark}`);
    }
    override snapshotState(): Promise<void> {
      marks.push('snapshot');
      return new Promise((resolve) => setTimeout(resolve, 40));
    }
  }
  let next = 0;
  const strategy = WatermarkStrategy.forGenerator<number>(() => ({
    onEvent: () => undefined,
    onPeriodicEmit: (output) => output.emitWatermark(next++),
  }));
  const env = streamEnv({ autoWatermarkIntervalMs: 2 });
  const source = (async function* () {
    yield 1;
    await new Promise(() => undefined);
  })();
  env
    .fromCollection(source)
    .map((n) => n)
    .assignTimestampsAndWatermarks(strategy)
    .transform('Slow', () => new Slow('Slow'))
    .forEach(() => {});
  const job = await env.executeAsync();
  await vi.waitFor(() => expect(marks.length).toBeGreaterThan(2));
  const folder = mkdtempSync(join(tmpdir(), 'streambook-last-'));
  await job.stopWithSavepoint(join(folder, 'savepoint'));
  expect(marks.at(-1)).toBe('snapshot');
  rmSync(folder, { recursive: true });
});
