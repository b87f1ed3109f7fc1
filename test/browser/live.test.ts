import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { notebookOf } from './gallery.js';
import { framesDuring } from './in-page.js';
import { startLab, type TestLab } from './lab.js';
import { type Browser, NotebookPage, startBrowser } from './page.js';

/**
 * How long each view changes. For figures: `STREAMBOOK_LIVE_SECONDS=60 npm run browser -- live`; frames a second and memory
 * depend on the machine, so nothing here asserts them.
 */
const seconds = Number(process.env.STREAMBOOK_LIVE_SECONDS ?? 3);
const figures = process.env.STREAMBOOK_LIVE_SECONDS !== undefined;

let lab: TestLab;
let browser: Browser;
let notebook: NotebookPage;

/** What the kernel holds once everything that can go has gone, and what the system counts for its process. */
const memory = `gc(); console.log('kernel heap ' + Math.round(process.memoryUsage().heapUsed / 1e6) + ' MB, process ' + Math.round(process.memoryUsage().rss / 1e6) + ' MB');`;

const dist = (file: string): string => JSON.stringify(`${layout(projectRoot).dist}/${file}`);

const cells = [
  `import { chart, show, streamEnv } from 'streambook';
require('node:v8').setFlagsFromString('--expose-gc');
const gc: () => void = require('node:vm').runInNewContext('gc');
const start = Date.UTC(2026, 0, 5, 8);
const seconds = ${seconds};
const { display } = require(${dist('core/display.js')});
const { vegaLiteFrame } = require(${dist('display/vega.js')});
${memory}`,
  // An HTML table, ten times a second.
  `await streamEnv().generate((i) => ({ key: 'key ' + (i % 40), n: 1 }), { perSecond: 2000, count: 2000 * seconds }).keyBy('key').sum('n').show({ top: 8, by: 'n' });
${memory}`,
  // A card with an SVG in it, five times a second.
  `const env = streamEnv();
env.generate((i) => ({ key: i % 40, n: 1 }), { perSecond: 2000, count: 2000 * seconds }).keyBy('key').sum('n').forEach(() => {});
const job = await env.executeAsync('live');
await job.show();
${memory}`,
  // A chart as SVG, ten times a second.
  `await chart(streamEnv().generate((i) => ({ time: new Date(start + i * 50), value: Math.sin(i / 15) }), { perSecond: 20, count: 20 * seconds })).line('time', 'value', { horizon: 10_000 });
${memory}`,
  // The same as a Vega-Lite object, five times a second: what a chart is while it changes where no SVG can be made.
  `const specAt = (end: number) => chart(Array.from({ length: 200 }, (_, i) => ({ time: new Date(start + (end + i) * 50), value: Math.sin((end + i) / 15) }))).line('time', 'value').spec();
const slot = display().open(vegaLiteFrame(await specAt(0), 'chart'));
const began = performance.now();
for (let i = 1; i <= 5 * seconds; i++) {
  await new Promise((done) => setTimeout(done, Math.max(0, began + i * 200 - performance.now())));
  slot.update(vegaLiteFrame(await specAt(4 * i), 'chart'));
}
slot.update(await chart([{ x: 1, y: 1 }]).point('x', 'y').bundle(), true);
${memory}`,
];

const views = ['HTML table', 'job card', 'chart as SVG', 'chart as Vega-Lite'];

beforeAll(async () => {
  lab = await startLab();
  browser = await startBrowser();
  lab.write('live.ipynb', notebookOf(cells));
  notebook = await NotebookPage.open(browser.context, lab, 'live.ipynb');
});

afterAll(async () => {
  await browser?.stop();
  await lab?.stop();
});

/** What the page holds once everything that can go has gone, MB. */
async function heapMb(): Promise<number> {
  const session = await browser.context.newCDPSession(notebook.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return Math.round(usedSize / 1e6);
}

test('live views change in place, and leave their last state', { timeout: 240_000 + seconds * 8000 }, async () => {
  const { page } = notebook;
  const told: string[] = [];
  const idle = await page.evaluate(framesDuring, { ms: 2000, cell: 0 });
  told.push(`nothing changes: ${idle.fps.toFixed(1)} frames a second`);
  const running = notebook.runAll(120_000 + seconds * 6000);
  for (const [i, name] of views.entries()) {
    const cell = i + 1;
    await notebook
      .outputs(cell)
      .first()
      .waitFor({ timeout: 60_000 + seconds * 3000 });
    if (cell > 1) await notebook.outputs(cell).locator('img, canvas, svg').first().waitFor();
    // What is below does not move; for a moment there may be nothing to measure.
    const height = async (): Promise<number | undefined> =>
      (await notebook.outputs(cell).first().boundingBox())?.height;
    // What a view shows at first comes piece by piece, on a busy machine slowly.
    let first: number | undefined;
    await expect
      .poll(
        async () => {
          const before = first;
          first = await height();
          return first !== undefined && first === before;
        },
        { interval: 300, timeout: 10_000 },
      )
      .toBe(true);
    const heaps = [await heapMb()];
    for (let part = 0; part < (figures ? 3 : 1); part++) {
      const ms = (seconds * 800) / (figures ? 3 : 1.5);
      const { fps, worstMs, changesPerSecond } = await page.evaluate(framesDuring, { ms, cell });
      // Before anything that takes its time: what has ended may be of another height.
      await expect.poll(height).toBe(first);
      heaps.push(await heapMb());
      const changes = `${changesPerSecond.toFixed(1)} changes a second`;
      told.push(`${name}: ${fps.toFixed(1)} frames a second, worst gap ${worstMs.toFixed(0)} ms, ${changes}`);
    }
    told.push(`${name}: page heap ${heaps.join(' -> ')} MB`);
  }
  await running;
  expect(await notebook.errors()).toEqual([]);
  // The view, and the line about memory.
  for (const cell of [1, 2, 3, 4]) expect(await notebook.outputs(cell).count()).toBe(2);
  await notebook.save();
  const saved = JSON.parse(readFileSync(join(lab.folder, 'live.ipynb'), 'utf8'));
  const text = (cell: number): string => [saved.cells[cell].outputs[0].data['text/plain']].flat().join('');
  expect(text(1)).toContain('finished');
  expect(text(2)).toContain('job `live`: finished');
  expect(text(3)).toContain('ended');
  for (const cell of [3, 4]) expect(saved.cells[cell].outputs[0].data['image/svg+xml']).toBeDefined();
  if (!figures) return;
  const kernel = saved.cells.map(({ outputs }: { outputs: { text?: string[] }[] }) =>
    [outputs.at(-1)?.text ?? ''].flat().join('').trim(),
  );
  console.log([...told, kernel.join(' -> ')].join('\n'));
});

test('a trace of ten thousand events is drawn', async () => {
  const cell = `import { boundedOutOfOrderness, seconds, streamEnv, timeline, TumblingEventTimeWindows } from 'streambook';
const env = streamEnv({ trace: true });
env.fromCollection(Array.from({ length: 2700 }, (_, i) => ({ name: 'key ' + (i % 5), time: i * 100 + ((i * 7919) % 3000), amount: i % 10 })))
  .assignTimestampsAndWatermarks(boundedOutOfOrderness(seconds(1), (p) => p.time))
  .keyBy((p) => p.name).window(TumblingEventTimeWindows.of(seconds(10))).sum('amount').forEach(() => {});
const job = await env.executeAsync('long');
await job.wait();
const { length } = job.trace.events;
const drawn: number[] = [];
for (let i = 0; i < 3; i++) {
  const since = performance.now();
  await timeline(job).bundle();
  drawn.push(Math.round(performance.now() - since));
}
await timeline(job);
console.log(length + ' events drawn in ' + drawn.join(', ') + ' ms');`;
  lab.write('trace.ipynb', notebookOf([cell]));
  const trace = await NotebookPage.open(browser.context, lab, 'trace.ipynb');
  await trace.runAll();
  expect(await trace.errors()).toEqual([]);
  const chart = trace.outputs(0).locator('canvas.marks, svg.marks');
  await chart.waitFor();
  expect((await chart.boundingBox())?.height).toBeGreaterThan(300);
  const said = await trace.outputs(0).last().innerText();
  expect(Number(/^(\d+) events/.exec(said)?.[1])).toBeGreaterThan(10_000);
  if (figures) console.log(said);
  await trace.close();
});

test('a cell that is run again in JupyterLab replaces the job it had started', async () => {
  const cells = [
    `import { streamEnv } from 'streambook';
const ticks = streamEnv().fromCollection(async function* () {
  for (;;) { yield 1; await new Promise((done) => setTimeout(done, 10)); }
});
const job = await ticks.executeAsync('ticks');
const jobs = ((globalThis as any).jobs ??= []);
jobs.push(job);`,
    `console.log(jobs.map((one: any) => one.status).join(', '));`,
  ];
  lab.write('again.ipynb', notebookOf(cells));
  const again = await NotebookPage.open(browser.context, lab, 'again.ipynb');
  await again.runAll();
  const statuses = async (): Promise<string> => (await again.outputs(1).innerText()).trim();
  expect(await statuses()).toBe('running');
  await again.runAll();
  await expect.poll(statuses, { timeout: 60_000 }).toBe('cancelled, running');
  await again.close();
});

test('a hundred thousand printed lines arrive whole, and the cell ends', async () => {
  lab.write('lines.ipynb', notebookOf([`for (let i = 0; i < 100_000; i++) console.log('line ' + i);`]));
  const lines = await NotebookPage.open(browser.context, lab, 'lines.ipynb');
  await lines.runAll();
  expect(await lines.prompts()).toEqual(['[1]:']);
  await lines.save();
  const saved = JSON.parse(readFileSync(join(lab.folder, 'lines.ipynb'), 'utf8'));
  const text = saved.cells[0].outputs.flatMap((output: { text: string[] }) => output.text).join('');
  expect(text.split('\n').length).toBe(100_001);
  expect(text.endsWith('line 99999\n')).toBe(true);
  await lines.close();
});
