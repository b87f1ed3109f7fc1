import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { centre, scrolled, scrollToTop } from './in-page.js';
import type { TestLab } from './lab.js';

/** Where a Chromium usually lies; `STREAMBOOK_CHROMIUM` names another one. */
const PLACES = [
  process.env.STREAMBOOK_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export function findChromium(): string | undefined {
  return PLACES.find((place) => place !== undefined && place !== '' && existsSync(place));
}

export interface Browser {
  readonly context: BrowserContext;
  stop(): Promise<void>;
}

/** A headless browser with a profile of its own that calls nobody but the page. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('no Chromium found: install it (Debian: `apt install chromium`) or set STREAMBOOK_CHROMIUM');
  }
  const profile = mkdtempSync(join(tmpdir(), 'streambook-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width: 1100, height: 900 },
    deviceScaleFactor: 2,
  });
  return {
    context,
    stop: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** One notebook in JupyterLab's single-document view. */
export class NotebookPage {
  private constructor(
    readonly page: Page,
    private readonly lab: TestLab,
    private readonly name: string,
  ) {}

  static async open(context: BrowserContext, lab: TestLab, name: string): Promise<NotebookPage> {
    const page = await context.newPage();
    // A page whose tab is hidden is not drawn; each test looks at one page at a time.
    await page.goto(`${lab.baseUrl}doc/tree/${encodeURIComponent(name)}?token=${lab.token}&reset`);
    await page.locator('.jp-Notebook .jp-Cell').first().waitFor();
    const notebook = new NotebookPage(page, lab, name);
    await notebook.idle();
    return notebook;
  }

  /** The kernel is there and has nothing to do. */
  async idle(): Promise<void> {
    await this.page
      .locator('.jp-NotebookPanel-toolbar .jp-Notebook-ExecutionIndicator[data-status="idle"]')
      .waitFor({ state: 'attached', timeout: 120_000 });
    // The page says so before the kernel has even started.
    const deadline = performance.now() + 120_000;
    for (;;) {
      const kernel = await this.lab.kernelOf(this.name);
      if (kernel?.execution_state === 'idle' && kernel.connections > 0) return;
      if (performance.now() > deadline) throw new Error(`no idle kernel: ${JSON.stringify(kernel)}`);
      await this.page.waitForTimeout(100);
    }
  }

  /** Run, Run All Cells: as a reader does it. Returns when none of them is running or waiting. */
  async runAll(timeoutMs = 180_000): Promise<void> {
    const dialog = this.page.locator('.jp-Dialog-content');
    if ((await dialog.count()) > 0) throw new Error(`JupyterLab asks: ${await dialog.first().innerText()}`);
    await this.page.locator('.lm-MenuBar-item', { hasText: /^Run$/ }).click();
    await this.page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click();
    const prompts = this.page.locator('.jp-CodeCell .jp-InputPrompt');
    const numbered = prompts.filter({ hasText: /\[\d+\]/ });
    const waiting = prompts.filter({ hasText: '[*]' });
    await numbered.or(waiting).first().waitFor({ state: 'attached' });
    const deadline = performance.now() + timeoutMs;
    while ((await waiting.count()) > 0) {
      if (performance.now() > deadline) throw new Error(`cells still run after ${timeoutMs} ms`);
      await this.page.waitForTimeout(200);
    }
    await this.idle();
  }

  /** What stands between the brackets of each code cell. */
  prompts(): Promise<string[]> {
    return this.page.locator('.jp-CodeCell .jp-InputPrompt').allTextContents();
  }

  /** The outputs of the code cell with this index, from 0. */
  outputs(cell: number): Locator {
    return this.page.locator('.jp-CodeCell').nth(cell).locator('.jp-OutputArea-output');
  }

  /** Everything that stands on an error's red ground. */
  errors(): Promise<string[]> {
    return this.page
      .locator(
        '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"], .jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]',
      )
      .allTextContents();
  }

  async save(): Promise<void> {
    await this.page.locator('.lm-MenuBar-item', { hasText: /^File$/ }).click();
    await this.page.locator('.lm-Menu-item[data-command="docmanager:save"]').click();
    await this.page.locator('.jp-mod-dirty').waitFor({ state: 'detached', timeout: 10_000 });
  }

  /** A picture of the notebook from its first cell to its last, without JupyterLab's frame around it. */
  async picture(path: string, sharp = false): Promise<void> {
    const { width } = this.page.viewportSize() ?? { width: 1100 };
    // Tall enough first, so that everything is laid out at once and nothing has to be scrolled to.
    await this.page.setViewportSize({ width, height: 12_000 });
    // What belongs to the mouse is no part of the picture.
    await this.page.addStyleTag({ content: '.jp-cell-toolbar, .jp-Collapser { visibility: hidden }' });
    const outer = this.page.locator('.jp-Notebook .jp-WindowedPanel-outer');
    for (let top = -1; top !== 0; top = await outer.evaluate(scrolled)) {
      await outer.evaluate(scrollToTop);
      await this.page.waitForTimeout(300);
    }
    const notebook = await this.page.locator('.jp-Notebook').first().boundingBox();
    const last = await this.page.locator('.jp-Notebook .jp-Cell').last().boundingBox();
    if (notebook === null || last === null) throw new Error('the notebook is not to be seen');
    const bottom = last.y + last.height + 16;
    await this.page.screenshot({
      path,
      animations: 'disabled',
      scale: sharp ? 'device' : 'css',
      clip: { x: notebook.x, y: notebook.y, width: notebook.width, height: bottom - notebook.y },
    });
  }

  /** A picture of JupyterLab as it stands on a screen, with this text of an output in view. */
  async window(path: string, text: string): Promise<void> {
    const page = await this.page.context().newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${this.lab.baseUrl}lab/tree/${encodeURIComponent(this.name)}?token=${this.lab.token}&reset`);
    const output = page.locator('.jp-OutputArea-output', { hasText: text }).first();
    await output.waitFor();
    await output.evaluate(centre);
    await page.waitForTimeout(1500);
    await page.screenshot({ path, animations: 'disabled' });
    await page.close();
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
