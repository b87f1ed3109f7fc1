import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeCell, readNotebook, writeNotebook } from '../../kernel/client/index.js';
import { exerciseTag } from './solutions.js';

/** A cell with this tag is typed in class; a live-coding twin leaves its code out. */
const liveTag = 'live';

/**
 * Writes a live-coding twin: the same notebook without outputs, and without the code that is typed in class. What stays
 * of such a cell are the imports and comments it begins with. Where no cell is tagged `live`, all are, but for the first
 * and the exercises.
 */
export function writeBlank(folder: string, target: string, name: string): void {
  const notebook = readNotebook(readFileSync(join(folder, name), 'utf8'), name);
  const tagged = notebook.codeCells.some((cell) => cell.tags.includes(liveTag));
  const isLive = (cell: CodeCell, index: number): boolean =>
    tagged ? cell.tags.includes(liveTag) : index > 0 && !cell.tags.includes(exerciseTag);
  const sources = notebook.codeCells.map((cell, index) => (isLive(cell, index) ? headOf(cell.source) : cell.source));
  let code = 0;
  const cells = (notebook.json.cells as Record<string, unknown>[]).map((cell) => {
    if (cell.cell_type === 'code') return { ...cell, source: sources[code++], execution_count: null, outputs: [] };
    return { ...cell, source: movedDown(textOf(cell.source)) };
  });
  const blank = { ...notebook, json: { ...notebook.json, cells } };
  mkdirSync(target, { recursive: true });
  const text = writeNotebook(
    blank,
    notebook.codeCells.map(() => []),
    {},
  );
  writeFileSync(join(target, name), text.replace(/"execution_count": \d+/g, '"execution_count": null'));
}

/** The imports and comments that a cell begins with. */
function headOf(source: string): string {
  const lines = source.split('\n');
  const end = lines.findIndex((line) => !/^\s*(?:\/\/.*|import\b.*;\s*)?$/.test(line));
  return `${(end === -1 ? lines : lines.slice(0, end)).join('\n').trimEnd()}\n`.trimStart();
}

/** Links to pictures and files beside the notebook: the twin lies one folder deeper. */
function movedDown(markdown: string): string {
  return markdown.replace(/\]\((?!https?:|#|\/|[^)]*\.ipynb)([^)]+)\)/g, '](../$1)');
}

function textOf(source: unknown): string {
  return Array.isArray(source) ? source.join('') : String(source ?? '');
}
