import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../src/broker/index.js';
import { layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { contrastBelow } from './in-page.js';
import { startLab, type TestLab } from './lab.js';
import { type Browser, NotebookPage, startBrowser } from './page.js';

/** `npm run screenshots` sets it: then the pictures in docs/screenshots are made anew. */
const pictures = process.env.STREAMBOOK_SCREENSHOTS === '1' ? join(projectRoot, 'docs', 'screenshots') : undefined;

const chapters = [
  {
    name: '04-kafka-basics',
    says: ['支付话费50元', '12 events for a group that starts now', '12 events were read by the two together'],
    columns: ['offset', 'partition', 'key', 'value'],
    inWindow: undefined,
  },
  {
    name: '05-text-stream',
    says: ['equal, byte for byte', 'more rows', 'my-group has read 100 chunks and stops'],
    columns: ['most_frequent_word', 'word', 'n'],
    /** In the picture of JupyterLab's window. */
    inWindow: 'finished',
  },
  {
    name: '09-structure-monitoring',
    says: ['15 alarms', 'gauges-0 holds the watermark', '12 alarms since Thursday'],
    columns: ['when', 'sensor', 'readings', 'median'],
    inWindow: undefined,
  },
  // With a real Flink, where one is named: `streambook cluster start` in this folder, and its SQL Gateway.
  ...(process.env.STREAMBOOK_CLUSTER === undefined
    ? []
    : [
        {
          name: '10-final-project',
          says: ['as many rows as before', 'the same on both engines', 'a TaskManager went away', "Flink's Web UI"],
          columns: ['given by', 'operator', 'in state', 'verdict', 'latency'],
          inWindow: undefined,
        },
      ]),
];

let lab: TestLab;
let browser: Browser;
let broker: Broker;
let data: string;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'streambook-browser-broker-'));
  broker = await startBroker({ port: 0, data });
  lab = await startLab({ STREAMBOOK_BROKERS: broker.address });
  browser = await startBrowser();
  if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.stop();
  await lab?.stop();
  await broker?.stop();
  rmSync(data, { recursive: true, force: true, maxRetries: 5 });
});

describe.each(chapters)('$name', ({ name, says, columns, inWindow }) => {
  const file = `${name}.ipynb`;
  let page: NotebookPage;

  beforeAll(async () => {
    lab.copy(join(layout(projectRoot).notebooks, file));
    page = await NotebookPage.open(browser.context, lab, file);
    await page.runAll();
    await page.save();
  });

  afterAll(() => page?.close());

  test('every cell ends, and none in an error', async () => {
    expect(await page.errors()).toEqual([]);
    const prompts = await page.prompts();
    expect(prompts.length).toBeGreaterThan(10);
    for (const prompt of prompts) expect(prompt).toMatch(/^\[\d+\]:$/);
  });

  test('it shows what it should', async () => {
    const outputs = (await page.page.locator('.jp-OutputArea-output').allInnerTexts()).join('\n');
    for (const text of says) expect(outputs).toContain(text);
    const headers = (await page.page.locator('.jp-OutputArea-output th').allInnerTexts()).map(
      (th) => th.split('\n')[0],
    );
    for (const column of columns) expect(headers).toContain(column);
    expect(await page.page.locator('.jp-OutputArea-output script').count()).toBe(0);
    expect(await page.page.evaluate(contrastBelow, 3.5)).toEqual([]);
    if (pictures === undefined) return;
    await page.picture(join(pictures, `${name}.png`));
    if (inWindow !== undefined) await page.window(join(pictures, 'jupyterlab.png'), inWindow);
  });

  test('it can be read in the dark theme', async () => {
    await lab.theme('JupyterLab Dark');
    try {
      const dark = await NotebookPage.open(browser.context, lab, file);
      await dark.page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
      expect(await dark.page.evaluate(contrastBelow, 3.5)).toEqual([]);
      if (pictures !== undefined) await dark.picture(join(pictures, `${name}-dark.png`));
      await dark.close();
    } finally {
      await lab.theme('JupyterLab Light');
    }
  });
});
