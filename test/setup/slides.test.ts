import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Lab } from '../../src/cli/setup/lab.mjs';
import { layout } from '../../src/cli/setup/paths.mjs';
import { ensureSlides, slidesAddress } from '../../src/cli/setup/slides.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'streambook-slides-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a notebook is presented under its own path, and the token goes along', () => {
  const lab = { baseUrl: 'http://127.0.0.1:8888/', token: 'abc' } as Lab;
  expect(slidesAddress(lab, '01-streams.ipynb')).toBe('http://127.0.0.1:8888/rise/01-streams.ipynb?token=abc');
  expect(slidesAddress(lab, 'zh/my notes.ipynb')).toBe('http://127.0.0.1:8888/rise/zh/my%20notes.ipynb?token=abc');
});

test('into a JupyterLab of the reader nothing is installed: what is missing is said', async () => {
  // A program that knows no extension, as a stand-in for a JupyterLab on the PATH.
  const jupyter = { command: process.execPath, args: [], version: '4.0.0' };
  await expect(ensureSlides(layout(root), jupyter, () => {})).rejects.toMatchObject({
    message: expect.stringContaining('jupyterlab-rise'),
    hint: expect.stringContaining('pip install jupyterlab-rise=='),
  });
});
