import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, notebooks, textOf } from './files.js';

const all = (['en', 'zh'] as const).flatMap((lang) =>
  notebooks(lang).map((notebook) => [lang === 'en' ? notebook.name : `zh/${notebook.name}`, notebook] as const),
);

describe.each(all)('%s', (path, notebook) => {
  test('cells have ids of their own, and say what they are on a slide', () => {
    const ids = notebook.cells.map((cell) => cell.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, slide } of notebook.cells) {
      expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(['slide', 'subslide', 'fragment', 'skip', 'notes', '-'], `cell ${id}`).toContain(slide);
    }
    for (const { id, kind, source, slide } of notebook.cells) {
      if (kind === 'markdown' && /^#{1,2} /m.test(source.replace(/```[\s\S]*?```/g, '')))
        expect(['slide', 'subslide', 'skip'], `cell ${id} has a heading`).toContain(slide);
    }
    expect(notebook.cells[0]?.kind).toBe('markdown');
    expect(notebook.cells[0]?.source).toMatch(/^# /);
  });

  test('is stored as Jupyter stores it, with outputs, and without anything of the machine it ran on', () => {
    const json = JSON.parse(notebook.text);
    expect(notebook.text).toBe(`${JSON.stringify(json, undefined, 1)}\n`);
    expect([json.nbformat, json.nbformat_minor]).toEqual([4, 5]);
    let count = 0;
    for (const cell of json.cells) {
      expect(Object.keys(cell.metadata).filter((key) => !['slideshow', 'tags', 'jupyter'].includes(key))).toEqual([]);
      if (cell.cell_type !== 'code') continue;
      const isEmpty = [cell.source].flat().join('').trim() === '';
      expect(cell.execution_count, `cell ${cell.id}`).toBe(isEmpty ? null : ++count);
    }
    // What the doctor said was said in a checkout with nothing amiss.
    expect(notebook.text).not.toMatch(/\d things? ha(?:s|ve) to be mended/);
    expect(notebook.text).not.toMatch(/\/(?:home|root|Users|work)\/|[A-Z]:\\\\|"execution":|iopub/);
  });

  test('what it links to is there', () => {
    const links = [...textOf(notebook).matchAll(/(!?)\[[^\]]*\]\(([^)\s]+)\)/g)];
    for (const [whole, , target] of links) {
      if (/^https?:\/\//.test(target!)) {
        expect(() => new URL(target!), whole).not.toThrow();
        expect(new URL(target!).hostname, whole).toMatch(/^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/);
        continue;
      }
      const [file] = decodeURI(target!).split('#');
      if (file === '') continue;
      expect(existsSync(join(folder, dirname(path), file!)), `${whole}`).toBe(true);
    }
    expect(textOf(notebook)).not.toMatch(/<img[^>]+src=["']https?:|!\[[^\]]*\]\(https?:/);
  });
});

test('every notebook is named by the one to start with, with its own title', () => {
  for (const lang of ['en', 'zh'] as const) {
    const [start, ...others] = notebooks(lang);
    expect(start?.name).toBe('00-start-here.ipynb');
    const text = textOf(start!);
    for (const { name, cells } of others) {
      const title = cells[0]?.source.split('\n')[0]?.replace(/^# /, '');
      expect(text).toContain(`[${title}](${name})`);
    }
  }
});
