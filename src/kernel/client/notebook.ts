import { createHash } from 'node:crypto';
import { StreambookError } from '../../core/errors.js';
import type { Bundle, Output } from './outputs.js';

/** A code cell's part of a notebook file, with its texts joined. */
export interface CodeCell {
  /** Its place among all cells of the notebook, from 1. */
  readonly position: number;
  readonly source: string;
  readonly tags: readonly string[];
  /** As committed. */
  readonly outputs: readonly Output[];
}

type Json = Record<string, unknown>;

/** A notebook file. @see nbformat 4.5 */
export interface Notebook {
  readonly codeCells: readonly CodeCell[];
  /** The file as it was read; `write` takes from it all that execution does not change. */
  readonly json: Json;
}

/**
 * @throws {StreambookError} `bad-notebook`: no JSON, or not nbformat 4
 */
export function readNotebook(text: string, file: string): Notebook {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (cause) {
    throw new StreambookError('bad-notebook', `${file} is not JSON`, { cause });
  }
  if (json.nbformat !== 4 || !Array.isArray(json.cells))
    throw new StreambookError('bad-notebook', `${file} is not a notebook of format 4`, {
      hint: 'open it in JupyterLab and save it: older formats are converted',
    });
  const codeCells = (json.cells as Json[]).flatMap((cell, index): CodeCell[] => {
    if (cell.cell_type !== 'code') return [];
    const tags = ((cell.metadata as Json | undefined)?.tags as string[] | undefined) ?? [];
    const outputs = ((cell.outputs as Json[] | undefined) ?? []).map(readOutput);
    return [{ position: index + 1, source: joined(cell.source), tags, outputs: mergeStreams(outputs) }];
  });
  return { codeCells, json };
}

/**
 * The file's text with new outputs, one list per code cell: format 4.5, keys sorted, one space of indentation, as
 * Jupyter writes it, so that saving in JupyterLab changes nothing. Empty cells keep no number.
 */
export function writeNotebook(notebook: Notebook, outputs: readonly (readonly Output[])[], metadata: Json): string {
  let count = 0;
  let code = 0;
  const cells = (notebook.json.cells as Json[]).map((cell, index) => {
    const id =
      cell.id ??
      createHash('sha256')
        .update(`${index}:${joined(cell.source)}`)
        .digest('hex')
        .slice(0, 8);
    const common = {
      ...cell,
      id,
      metadata: withoutNoise((cell.metadata ?? {}) as Json),
      source: lines(joined(cell.source)),
    };
    if (cell.cell_type !== 'code') return common;
    const number = joined(cell.source).trim() === '' ? null : ++count;
    const written = mergeStreams(outputs[code++] ?? []).map((output) => writeOutput(output, number));
    return { ...common, execution_count: number, outputs: written };
  });
  const all = { ...(notebook.json.metadata as Json), ...metadata };
  const file = { cells, metadata: withoutNoise(all), nbformat: 4, nbformat_minor: 5 };
  return `${JSON.stringify(sorted(file), undefined, 1)}\n`;
}

/** Whether a cell has nothing to run; front ends do not send it, and it gets no number. */
export function isEmpty(cell: CodeCell): boolean {
  return cell.source.trim() === '';
}

/** nbclient, and editors that send each print by itself, store pieces; they mean the same. */
export function mergeStreams(outputs: readonly Output[]): Output[] {
  const merged: Output[] = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name)
      last.text += output.text;
    else merged.push({ ...output });
  }
  return merged;
}

function readOutput(json: Json): Output {
  const data = Object.fromEntries(
    Object.entries((json.data as Bundle | undefined) ?? {}).map(([type, value]) => [
      type,
      isJson(type) ? value : joined(value),
    ]),
  );
  switch (json.output_type) {
    case 'stream':
      return { output_type: 'stream', name: json.name === 'stderr' ? 'stderr' : 'stdout', text: joined(json.text) };
    case 'error':
      return {
        output_type: 'error',
        ename: String(json.ename),
        evalue: String(json.evalue),
        traceback: (json.traceback as string[] | undefined) ?? [],
      };
    case 'execute_result':
      return { output_type: 'execute_result', data, metadata: {}, execution_count: null };
    default:
      return { output_type: 'display_data', data, metadata: {} };
  }
}

function writeOutput(output: Output, number: number | null): Json {
  if (output.output_type === 'stream') return { ...output, text: lines(output.text) };
  if (output.output_type === 'error') return { ...output };
  const data = Object.fromEntries(
    Object.entries(output.data).map(([type, value]) => [
      type,
      !isJson(type) && typeof value === 'string' ? lines(value) : value,
    ]),
  );
  return { ...output, data, ...(output.output_type === 'execute_result' ? { execution_count: number } : {}) };
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

/** Jupyter's two forms of a text: one string, or its lines. */
function joined(text: unknown): string {
  return Array.isArray(text) ? text.join('') : String(text ?? '');
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** What differs from one machine or session to the next is no part of the lesson. */
function withoutNoise(metadata: Json): Json {
  const { execution: _times, trusted: _trusted, collapsed: _collapsed, ...kept } = metadata;
  return kept;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
