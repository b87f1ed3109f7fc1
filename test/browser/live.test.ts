import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notebookOf } from './gallery.js';
import { framesDuring } from './in-page.js';
import { startLab, type TestLab } from './lab.js';
import { type Browser, NotebookPage, startBrowser } from './page.js';

/**
 * How long each view changes. For figures: `STREAMBOOK_LIVE_SECONDS=60 npm run browser -- live`; frames a second and memory
 * depend on the machine, so nothing here asserts them.
 */
const seconds = Number(process.env.STREAMBOOK_LIVE_SECONDS ?? 3);

let lab: TestLab;
let browser: Browser;
let notebook: NotebookPage;

const cells = [
  `import { chart, show, streamEnv } from 'streambook';
const start = Date.UTC(2026, 0, 5, 8);
const seconds = ${seconds};
const memory = (): string => { (globalThis as { gc?: () => void }).gc?.(); return 'kernel MB ' + Math.round(process.memoryUsage().rss / 1e6); };
console.log(memory());`,
  // An HTML table, ten times a second.
  `await streamEnv().generate((i) => ({ key: 'key ' + (i % 40), n: 1 }), { perSecond: 2000, count: 2000 * seconds }).keyBy('key').sum('n').show({ top: 8, by: 'n' });`,
  // A card with an SVG in it.
  `const env = streamEnv();
env.generate((i) => ({ key: i % 40, n: 1 }), { perSecond: 2000, count: 2000 * seconds }).keyBy('key').sum('n').forEach(() => {});
const job = await env.executeAsync('live');
await job.show();`,
  // A chart, five times a second.
  `await chart(streamEnv().generate((i) => ({ time: new Date(start + i * 50), value: Math.sin(i / 15) }), { perSecond: 20, count: 20 * seconds })).line('time', 'value', { horizon: 10_000 });`,
  `console.log(memory());`,
];

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

test('live views change in place, and leave their last state', { timeout: 240_000 + seconds * 4000 }, async () => {
  const { page } = notebook;
  const told: string[] = [];
  const idle = await page.evaluate(framesDuring, 2000);
  told.push(`nothing changes: ${idle.fps.toFixed(1)} frames a second`);
  const running = notebook.runAll(120_000 + seconds * 4000);
  for (const [cell, name] of [
    [1, 'HTML table'],
    [2, 'job card'],
    [3, 'chart'],
  ] as const) {
    await notebook
      .outputs(cell)
      .first()
      .waitFor({ timeout: 60_000 + seconds * 3000 });
    if (cell > 1) await notebook.outputs(cell).locator('img, canvas, svg').first().waitFor();
    const box = await notebook.outputs(cell).first().boundingBox();
    const before = await heapMb();
    const { fps, worstMs } = await page.evaluate(framesDuring, seconds * 600);
    const frames = `${fps.toFixed(1)} frames a second, worst gap ${worstMs.toFixed(0)} ms`;
    told.push(`${name}: ${frames}, page heap ${before} -> ${await heapMb()} MB`);
    // What is below does not move; for a moment there may be nothing to measure.
    const height = async (): Promise<number | undefined> =>
      (await notebook.outputs(cell).first().boundingBox())?.height;
    await expect.poll(height).toBe(box?.height);
  }
  await running;
  expect(await notebook.errors()).toEqual([]);
  for (const cell of [1, 2, 3]) expect(await notebook.outputs(cell).count()).toBe(1);
  await notebook.save();
  const saved = JSON.parse(readFileSync(join(lab.folder, 'live.ipynb'), 'utf8'));
  const text = (cell: number): string => [saved.cells[cell].outputs[0].data['text/plain']].flat().join('');
  expect(text(1)).toContain('finished');
  expect(text(2)).toContain('job `live`: finished');
  expect(text(3)).toContain('ended');
  expect(saved.cells[3].outputs[0].data['image/svg+xml']).toBeDefined();
  if (process.env.STREAMBOOK_LIVE_SECONDS !== undefined) {
    console.log(told.join('\n'));
    console.log(
      [saved.cells[0], saved.cells[4]].map((cell) => [cell.outputs[0].text].flat().join('').trim()).join(' -> '),
    );
  }
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
