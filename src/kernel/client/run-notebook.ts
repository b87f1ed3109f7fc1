import { stripVTControlCharacters } from 'node:util';
import { messageOf } from '../../core/errors.js';
import { clusterTag, compareOutputs, raisesTag, variesTag } from './compare.js';
import type { Executed, NotebookKernel } from './kernel.js';
import { type CodeCell, isEmpty, type Notebook } from './notebook.js';
import type { Output } from './outputs.js';
import type { Run } from './varying.js';

export interface RunOptions {
  /** How long a cell may take; 120,000 by default. */
  readonly cellLimitMs?: number;
  /** Whether outputs are compared with the committed ones; true by default. */
  readonly compare?: boolean;
  /** A folder that outputs shall not name: it stands as `.` in them. */
  readonly hiddenPath?: string;
  /** Called before each cell that runs. */
  readonly onCell?: (cell: CodeCell, index: number) => void;
}

export interface NotebookResult {
  /** One list per code cell; complete only when nothing failed to run. */
  readonly outputs: readonly (readonly Output[])[];
  /** For each of them, whether it differs from the committed ones by more than what varies from run to run. */
  readonly differs: readonly boolean[];
  /** What is wrong, each naming its cell; empty: the notebook passed. */
  readonly problems: readonly string[];
  /** Whether all cells ran to their end, whatever they showed. */
  readonly complete: boolean;
}

const defaultLimitMs = 120_000;

/**
 * Runs all cells of a notebook in a kernel, in order. A cell that fails without the tag `raises-exception`, or takes too
 * long, ends the run; outputs that differ do not, so that all differences are told at once.
 */
export async function runNotebook(
  notebook: Notebook,
  kernel: NotebookKernel,
  { cellLimitMs = defaultLimitMs, compare = true, hiddenPath, onCell }: RunOptions = {},
): Promise<NotebookResult> {
  const lists: (readonly Output[])[] = [];
  const startedAt = Date.now();
  let trouble: string | undefined;
  for (const [index, cell] of notebook.codeCells.entries()) {
    if (isEmpty(cell)) {
      lists.push([]);
      continue;
    }
    onCell?.(cell, index);
    const { executed, problem } = await runCell(kernel, cell, cellLimitMs);
    if (problem !== undefined || executed === undefined) {
      trouble = `${nameOf(cell)}: ${problem}`;
      break;
    }
    lists.push(executed.outputs);
  }
  // Only now: what a cell has started may show something below it while later cells run.
  const outputs = lists.map((list) => (hiddenPath === undefined ? [...list] : withoutPath(list, hiddenPath)));
  const run = { startedAt, endedAt: Date.now() };
  const found = compare ? differencesIn(notebook.codeCells, outputs, run) : outputs.map(() => undefined);
  const differences = found.flatMap((each) => each ?? []);
  const problems = trouble === undefined ? differences : [...differences, trouble];
  const differs = found.map((each) => each !== undefined);
  return { outputs, differs, problems, complete: trouble === undefined };
}

function differencesIn(
  cells: readonly CodeCell[],
  outputs: readonly (readonly Output[])[],
  run: Run,
): (string | undefined)[] {
  return outputs.map((shown, index) => {
    const cell = cells[index]!;
    if (cell.tags.includes(clusterTag) && cell.outputs.length > 0) return undefined;
    const found = compareOutputs(cell.outputs, shown, run, cell.tags.includes(variesTag));
    return found === undefined ? undefined : `${nameOf(cell)}: ${found}`;
  });
}

async function runCell(
  kernel: NotebookKernel,
  cell: CodeCell,
  limitMs: number,
): Promise<{ readonly executed: Executed | undefined; readonly problem: string | undefined }> {
  try {
    const executed = await inTime(kernel, cell, limitMs);
    const problem = executed === undefined ? `did not end within ${limitMs / 1000} s` : troubleOf(cell, executed);
    return { executed, problem };
  } catch (error) {
    return { executed: undefined, problem: messageOf(error) };
  }
}

/** @returns undefined when the limit was reached; the cell was interrupted then */
async function inTime(kernel: NotebookKernel, cell: CodeCell, limitMs: number): Promise<Executed | undefined> {
  const execution = kernel.execute(cell.source, { stopOnError: !cell.tags.includes(raisesTag) });
  // The limit may win; a kernel that dies after that is nobody's surprise.
  execution.catch(() => undefined);
  const limit = timer(limitMs);
  const executed = await Promise.race([execution, limit.ended]).finally(limit.clear);
  if (executed !== undefined) return executed;
  const grace = timer(5000);
  await Promise.race([kernel.interrupt().then(() => execution), grace.ended])
    .catch(() => undefined)
    .finally(grace.clear);
  return undefined;
}

function timer(ms: number): { readonly ended: Promise<undefined>; readonly clear: () => void } {
  let handle: NodeJS.Timeout | undefined;
  const ended = new Promise<undefined>((resolve) => {
    handle = setTimeout(() => resolve(undefined), ms);
  });
  return { ended, clear: () => clearTimeout(handle) };
}

function troubleOf(cell: CodeCell, { status, outputs }: Executed): string | undefined {
  const expected = cell.tags.includes(raisesTag);
  if (status === 'ok') return expected ? `was to fail (tag ${raisesTag}), but did not` : undefined;
  if (status === 'error' && expected) return undefined;
  const error = outputs.find(
    (output): output is Extract<Output, { output_type: 'error' }> => output.output_type === 'error',
  );
  const text = error === undefined ? status : error.traceback.join('\n') || `${error.ename}: ${error.evalue}`;
  return `failed\n${indent(stripVTControlCharacters(text))}`;
}

function nameOf(cell: CodeCell): string {
  const first = cell.source.split('\n').find((line) => line.trim() !== '') ?? '';
  return `cell ${cell.position} (${first.trim().slice(0, 60)})`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

function withoutPath(outputs: readonly Output[], path: string): Output[] {
  return JSON.parse(JSON.stringify(outputs).replaceAll(JSON.stringify(path).slice(1, -1), '.')) as Output[];
}
