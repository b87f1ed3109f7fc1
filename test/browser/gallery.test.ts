import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { galleryCells, notebookOf, views } from './gallery.js';
import { alignment, contrastBelow, dangers, grounds, widthShare } from './in-page.js';
import { startLab, type TestLab } from './lab.js';
import { type Browser, NotebookPage, startBrowser } from './page.js';

/** Where to put pictures of the gallery, for looking at them. */
const pictures = process.env.STREAMBOOK_GALLERY_PICTURES;
/** `npm run screenshots` sets it: then the pictures of the views in docs/screenshots are made anew. */
const screenshots = process.env.STREAMBOOK_SCREENSHOTS === '1' ? join(projectRoot, 'docs', 'screenshots') : undefined;

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
  if (screenshots !== undefined && name !== 'gallery-untrusted') {
    await page.page.setViewportSize({ width: 1100, height: 2000 });
    for (const [view, cell] of Object.entries(views)) {
      if (['failing', 'last-values'].includes(view)) continue;
      const area = page.page.locator('.jp-CodeCell').nth(cell).locator('.jp-OutputArea').first();
      const path = join(screenshots, `view-${view}${name.replace('gallery-light', '').replace('gallery', '')}.png`);
      await area.screenshot({ path, scale: 'css', animations: 'disabled' });
    }
  }
  if (pictures === undefined) return;
  await page.picture(join(pictures, `${name}.png`), true);
  const cells = await page.page.locator('.jp-CodeCell').all();
  for (const [i, cell] of cells.entries()) await cell.screenshot({ path: join(pictures, `${name}-${i}.png`) });
}

test('every cell ends, and none in an error but the one that shall, whose text is text', async () => {
  const errors = await notebook.errors();
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(
    'RangeError: <img src=x onerror="document.title = 9"> <script>document.title = 10</script>',
  );
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

/** How many charts each of the cells from the first one on has. */
const CHARTS = { 'chart-line': 1, charts: 3, timeline: 1, 'timeline-compare': 1, 'chart-live': 1, changelog: 1 };

async function chartsAreDrawn(page: NotebookPage): Promise<void> {
  for (const [view, count] of Object.entries(CHARTS)) {
    const drawn = page.outputs(views[view] ?? 0).locator('canvas.marks, svg.marks');
    await drawn.nth(count - 1).waitFor();
    expect([view, await drawn.count()]).toEqual([view, count]);
    for (const one of await drawn.all()) expect((await one.boundingBox())?.height).toBeGreaterThan(100);
  }
}

test('charts and time-lines are drawn by JupyterLab itself', async () => {
  await chartsAreDrawn(notebook);
});

test('jobs, graphs, states, topics, reasons and alerts say what they should', async () => {
  const why = await notebook.outputs(views['why-state-graph'] ?? 0).allInnerTexts();
  expect(why.join('\n')).toMatch(
    /The job has ended[\s\S]*Windows are still open[\s\S]*state window-contents[\s\S]*Bob <b>/,
  );
  expect(
    await notebook
      .outputs(views['why-state-graph'] ?? 0)
      .locator('img')
      .count(),
  ).toBe(1);
  const job = notebook.outputs(views['job-card'] ?? 0);
  expect(await job.count()).toBe(1);
  expect(await job.innerText()).toMatch(
    /busy <script>document.title = 2<\/script>\s+finished[\s\S]*3,000[\s\S]*checkpoint/,
  );
  expect(
    await job.locator('img').evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth),
  ).toBeGreaterThan(100);
  const alerts = (await notebook.outputs(views['alerts-topic'] ?? 0).allInnerTexts()).join('\n');
  expect(alerts).toMatch(
    /Payments over 5\s+5[\s\S]*Alerts\s+3[\s\S]*document\.title = 3[\s\S]*novel <b>[\s\S]*425 behind/,
  );
  expect(await notebook.page.locator('.jp-OutputArea-output audio').count()).toBe(0);
});

test('a query shows its changes beside the table they build', async () => {
  const result = notebook.outputs(views.changelog ?? 0).first();
  const [changes, table] = [result.locator('table').first(), result.locator('table').nth(1)];
  expect(await changes.innerText()).toMatch(/op[\s\S]*-U[\s\S]*Ann[\s\S]*\+U/);
  expect(await table.innerText()).toContain('Bob <b>');
  expect(await result.innerText()).toContain('2 rows, finished');
});

test('the doctor says what to type', async () => {
  const doctor = notebook.outputs(views.doctor ?? 0).first();
  expect(await doctor.innerText()).toMatch(
    /1 thing has to be mended[\s\S]*Node\.js\s+24\.11\.0[\s\S]*Run\s+npm run build,\s+then/,
  );
  expect(await doctor.locator('code', { hasText: /^npm run build$/ }).count()).toBe(1);
});

test('wide, long, empty and strange tables stay in their place and say all', async () => {
  const hard = notebook.outputs(views['hard-tables'] ?? 0);
  const [wide, long, strange, none, query, error, doctor] = await hard.allInnerTexts();
  expect(wide).toContain('column 29');
  expect(long).toMatch(/x{160}[\s\S]*4,840 more characters/);
  expect(long).toContain('<img src=x onerror="document.title = 6">');
  expect(long).toContain('<a href="javascript:alert(3)">a link</a>');
  expect(strange).toContain('👩‍👩‍👧‍👦 family');
  expect(none).toMatch(/name\s+STRING\s+total\s+BIGINT\s+⋮ no rows/);
  expect(query).toContain('0 rows, finished');
  expect(error).toContain('<img src=x onerror="document.title = 7"> is no amount; javascript:alert(4)');
  expect(doctor).toContain(
    '<script>document.title = 4</script><img src=x onerror="document.title = 5"> javascript:alert(1)',
  );
  // What is too wide scrolls in itself; it does not widen the page.
  const outer = await notebook.page.locator('.jp-Notebook').first().boundingBox();
  for (const one of await hard.all()) {
    expect((await one.boundingBox())?.width).toBeLessThan(outer?.width ?? 0);
  }
});

test('topics stand below each other with their groups', async () => {
  const said = await notebook
    .outputs(views.topics ?? 0)
    .first()
    .innerText();
  expect(said).toMatch(/3 topics at 127\.0\.0\.1:9092[\s\S]*late-comer[\s\S]*815 behind[\s\S]*document\.title = 8/);
});

test('rows that are a last value are a table', async () => {
  const last = notebook.outputs(views['last-values'] ?? 0);
  expect(await last.locator('th').allInnerTexts()).toEqual([
    expect.stringContaining('name'),
    expect.stringContaining('time'),
    expect.stringContaining('amount'),
  ]);
});

test('nothing that the data holds runs, is fetched, or becomes an element', async () => {
  expect(await notebook.page.evaluate(dangers)).toEqual([]);
  expect(await notebook.page.title()).toMatch(/gallery/);
});

test('a saved chart is a chart, an SVG and text, and never HTML', () => {
  const saved = JSON.parse(readFileSync(join(lab.folder, 'gallery.ipynb'), 'utf8'));
  for (const view of Object.keys(CHARTS)) {
    const { outputs } = saved.cells[views[view] ?? 0];
    for (const { data } of outputs.slice(-(CHARTS[view as keyof typeof CHARTS] ?? 1))) {
      // JupyterLab adds the chart as it has drawn it, as PNG.
      const types = Object.keys(data).filter((type) => type !== 'image/png');
      expect(types.sort()).toEqual(['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain']);
    }
  }
});

test('nbconvert keeps every table and every chart', () => {
  const html = lab.toHtml('gallery.ipynb');
  const charts = Object.values(CHARTS).reduce((sum, count) => sum + count, 0);
  // Two of the images are graphs of ours, in HTML.
  expect(html.match(/src="data:image\/svg\+xml;base64,/g)?.length).toBe(charts + 2);
  expect(html).toContain('980 more rows');
  expect(html).toContain('Windows are still open');
  // What stands in the cells' source is text there, too.
  expect(html).not.toMatch(/<script>document\.title/);
  expect(html).not.toMatch(/<img src=x/);
});

/** Pages with other colours than JupyterLab's: VS Code's variables, and none at all. */
const PAGES = {
  'VS Code, dark':
    '--vscode-editor-background:#1f1f1f;--vscode-editor-foreground:#cccccc;background:#1f1f1f;color:#cccccc',
  'VS Code, light':
    '--vscode-editor-background:#ffffff;--vscode-editor-foreground:#3b3b3b;background:#ffffff;color:#3b3b3b',
  'black on white': 'background:#fff;color:#000',
  'grey on black': 'background:#000;color:#bbb',
};

test('on pages that know no colour of JupyterLab text keeps its contrast', async () => {
  const saved = JSON.parse(readFileSync(join(lab.folder, 'gallery.ipynb'), 'utf8'));
  type Saved = { data?: Record<string, string | string[]> };
  const outputs: Saved[] = saved.cells.flatMap((cell: { outputs: Saved[] }) => cell.outputs);
  const html = outputs.flatMap(({ data }) =>
    data?.['text/html'] === undefined ? [] : [data['text/html']].flat().join(''),
  );
  expect(html.length).toBeGreaterThan(20);
  const areas = html.map((one) => `<div class="jp-OutputArea-output jp-RenderedHTML">${one}</div>`).join('');
  const page = await browser.context.newPage();
  for (const [name, style] of Object.entries(PAGES)) {
    await page.setContent(
      `<!doctype html><title>elsewhere</title><body style="font:13px sans-serif;${style}">${areas}`,
    );
    expect([name, await page.evaluate(contrastBelow, 3.5)]).toEqual([name, []]);
    expect([name, await page.evaluate(dangers)]).toEqual([name, []]);
    expect(await page.title()).toBe('elsewhere');
  }
  await page.close();
});

test('in the dark theme text keeps its contrast', async () => {
  await lab.theme('JupyterLab Dark');
  const dark = await NotebookPage.open(browser.context, lab, 'gallery.ipynb');
  await dark.page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
  await picture(dark, 'gallery-dark');
  await chartsAreDrawn(dark);
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
  await chartsAreDrawn(foreign);
  const graphs = foreign.page.locator('.jp-OutputArea-output img');
  expect(await graphs.count()).toBe(2);
  for (const image of await graphs.all()) expect((await image.boundingBox())?.width).toBeGreaterThan(100);
  expect(await foreign.outputs(views['job-card'] ?? 0).innerText()).toContain(
    'busy <script>document.title = 2</script>',
  );
  expect(await foreign.page.evaluate(dangers)).toEqual([]);
  expect(await foreign.page.title()).toMatch(/foreign/);
  await foreign.close();
});
