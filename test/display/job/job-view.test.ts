import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MimeBundle } from '../../../src/core/display.js';
import { setDisplayPort } from '../../../src/core/display.js';
import { stopRunning } from '../../../src/core/running.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { fillDisplayPort, show } from '../../../src/display/index.js';
import { inCell } from '../cell.js';
import { tagsOf, textOf } from '../html.js';

const cell = inCell();
beforeEach(() => fillDisplayPort());
afterEach(() => setDisplayPort(undefined));

const last = (): string => textOf(String(cell.shown.at(-1)?.['text/html']));

describe('the card of a job', () => {
  test('is one output of one height that ends with the last state', async () => {
    const env = streamEnv({ checkpointing: { intervalMs: 20 } });
    env
      .generate((i) => ({ key: i % 7, n: 1 }), { perSecond: 500, count: 200 })
      .keyBy('key')
      .sum('n')
      .name('sums')
      .forEach(() => {});
    const job = await env.executeAsync('<script>alert(1)</script>');
    await job.show();
    expect(job.status).toBe('finished');
    expect(cell.outputs).toBe(1);
    expect(last()).toContain('<script>alert(1)</script>');
    expect(last()).toMatch(/finished after .*sums2002007*/);
    expect(last()).toMatch(/\d+ checkpoints?, the last: /);
    const names = new Set(tagsOf(String(cell.shown.at(-1)?.['text/html'])).map((tag) => tag.name));
    for (const name of names)
      expect(['div', 'span', 'strong', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td']).toContain(name);
    const height = (bundle: MimeBundle): number => String(bundle['text/html']).match(/<tr>/g)?.length ?? 0;
    expect(new Set(cell.shown.map(height)).size).toBe(1);
    expect(cell.shown.at(-1)?.['text/plain']).toMatch(/^job `<script>alert\(1\)<\/script>`: finished after/);
  });

  test('shows what a job failed on', async () => {
    const env = streamEnv();
    env
      .fromElements(1)
      .map(() => {
        throw new Error('no <b>such</b> thing');
      })
      .forEach(() => {});
    const job = await env.executeAsync();
    await show(job);
    expect(last()).toContain('failed');
    expect(last()).toContain('no <b>such</b> thing');
    await expect(job.wait()).rejects.toThrow(/such/);
  });

  test('Interrupt ends it', async () => {
    const env = streamEnv();
    env
      .fromCollection(function* () {
        for (let i = 0; ; i++) yield i;
      })
      .forEach(() => {});
    const job = await env.executeAsync();
    const drawn = job.show();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await stopRunning()).sort()).toEqual(['job `Streaming Job`', 'job view']);
    await drawn;
    expect(last()).toMatch(/cancelled|running/);
  });

  test('figures alone are a table', async () => {
    const env = streamEnv();
    env.fromSequence(1, 1234).forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    show(job.metrics());
    expect(cell.shown.at(-1)?.['text/plain']).toMatch(/ForEach +1,234/);
  });
});
