import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { galleryCells, notebookOf } from './gallery.js';
import { alignment, contrastBelow, grounds, widthShare } from './in-page.js';
import { startLab, type TestLab } from './lab.js';
import { type Browser, NotebookPage, startBrowser } from './page.js';

/** Where to put pictures of the gallery, for looking at them. */
const pictures = process.env.STREAMBOOK_GALLERY_PICTURES;

let lab: TestLab;
let browser: Browser;
let notebook: NotebookPage;

beforeAll(async () => {
  lab = await startLab();
  browser = await startBrowser();
  lab.write('gallery.ipynb', notebookOf(galleryCells(layout(projectRoot).dist)));
  notebook = await NotebookPage.open(browser.context, lab, 'gallery.ipynb');
  await notebook.runAll();
  await notebook.save();
});

afterAll(async () => {
  await browser?.stop();
  await lab?.stop();
});

async function picture(page: NotebookPage, name: string): Promise<void> {
  if (pictures === undefined) return;
  await page.picture(join(pictures, `${name}.png`), true);
  const cells = await page.page.locator('.jp-CodeCell').all();
  for (const [i, cell] of cells.entries()) await cell.screenshot({ path: join(pictures, `${name}-${i}.png`) });
}

test('every cell ends, and none in an error', async () => {
  expect(await notebook.errors()).toEqual([]);
  for (const prompt of await notebook.prompts()) expect(prompt).toMatch(/^\[\d+\]:$/);
  await picture(notebook, 'gallery-light');
});

test('a table says its types, folds its rows and takes no value for HTML', async () => {
  const words = notebook.outputs(1);
  expect(await words.locator('th').first().innerText()).toMatch(/word\s+string/);
  expect(await words.locator('b, script').count()).toBe(0);
  expect(await words.innerText()).toContain(
    '<b onmouseover="alert(1)">bold</b><script>document.title = "pwned"</script>',
  );
  expect(await notebook.page.title()).not.toContain('pwned');
  expect(await words.locator('td', { hasText: /^9007199254740993$/ }).count()).toBe(1);
  expect(await words.locator('td em', { hasText: /^null$/ }).count()).toBe(1);
  expect(await words.locator('td', { hasText: /^'null'$/ }).count()).toBe(1);
  expect(await notebook.outputs(2).innerText()).toContain('980 more rows');
  expect(await notebook.outputs(4).innerText()).toContain('28 more columns');
});

test('progress bars have one height, and a bar as long as the share', async () => {
  const bars = notebook.outputs(5).locator('[role=progressbar]');
  expect(await bars.count()).toBe(6);
  const share = await bars.first().evaluate(widthShare);
  expect(share).toBeCloseTo(812032 / 1253891, 2);
  const heights = (await Promise.all((await notebook.outputs(5).all()).map((one) => one.boundingBox()))).map(
    (box) => box?.height,
  );
  expect(new Set(heights).size).toBe(1);
});

test('a table that changes in place is one output with the last state', async () => {
  const live = notebook.outputs(6);
  expect(await live.count()).toBe(1);
  expect(await live.innerText()).toContain('60 records, ended');
  expect(await live.innerText()).toContain('4 more rows');
});

test('the saved notebook holds the last state of what changed in place', () => {
  const saved = JSON.parse(readFileSync(join(lab.folder, 'gallery.ipynb'), 'utf8'));
  const outputs = saved.cells[6].outputs;
  expect(outputs).toHaveLength(1);
  expect([outputs[0].data['text/plain']].flat().join('')).toContain('60 records, ended');
});

test('in the dark theme text keeps its contrast', async () => {
  await lab.theme('JupyterLab Dark');
  const dark = await NotebookPage.open(browser.context, lab, 'gallery.ipynb');
  await dark.page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
  await picture(dark, 'gallery-dark');
  const faint = await dark.page.evaluate(contrastBelow, 3.5);
  expect(faint).toEqual([]);
  await dark.close();
  await lab.theme('JupyterLab Light');
});

test('in a notebook that is not trusted the tables stay readable', async () => {
  const saved = JSON.parse(readFileSync(join(lab.folder, 'gallery.ipynb'), 'utf8'));
  saved.metadata.changed = 'elsewhere';
  writeFileSync(join(lab.folder, 'foreign.ipynb'), JSON.stringify(saved));
  const foreign = await NotebookPage.open(browser.context, lab, 'foreign.ipynb');
  await picture(foreign, 'gallery-untrusted');
  const words = foreign.outputs(1);
  expect(await words.locator('th').first().innerText()).toMatch(/word\s+string/);
  expect(await words.innerText()).toContain('<b onmouseover="alert(1)">');
  expect(await words.locator('td').nth(1).evaluate(alignment)).toBe('right');
  // The variables of the theme are gone, the plain colour of the bar is left.
  expect(await foreign.outputs(5).first().evaluate(grounds)).toContain('rgb(30, 136, 229)');
  expect(await foreign.outputs(5).first().innerText()).toContain('812,032 of 1,253,891 bytes');
  expect(await foreign.page.evaluate(contrastBelow, 3.5)).toEqual([]);
  await foreign.close();
});
