import { messageOf } from '../../core/errors.js';
import type { CodeCell, NotebookKernel, Output } from '../../kernel/client/index.js';
import { checkMime, exerciseOf } from '../../lessons/index.js';

/** A cell with this tag holds an exercise: a start that runs, and `check('NN.N', ...)` at its end. */
export const exerciseTag = 'exercise';

/** The exercises that a cell checks. */
export function checkedIn(source: string): string[] {
  return [...source.matchAll(/\bcheck\(\s*['"`](\d\d\.\d+)['"`]/g)].map((match) => match[1]!);
}

/** What the checks in these outputs found. */
export function verdictsIn(outputs: readonly Output[]): { readonly id: string; readonly ok: boolean }[] {
  return outputs.flatMap((output) => {
    const verdict = 'data' in output ? output.data[checkMime] : undefined;
    return verdict === undefined ? [] : [verdict as { id: string; ok: boolean }];
  });
}

/**
 * Tries the solution of every exercise in its place: in the kernel in which the notebook has just run. A solution that
 * is not right, or a check that does not know its own solution, is found here.
 */
export async function trySolutions(
  cells: readonly CodeCell[],
  kernel: NotebookKernel,
  { lang, limit }: { readonly lang: 'en' | 'zh'; readonly limit: number },
): Promise<{ readonly problems: string[]; readonly solved: number }> {
  const ids = cells.filter((cell) => cell.tags.includes(exerciseTag)).flatMap((cell) => checkedIn(cell.source));
  if (ids.length === 0) return { problems: [], solved: 0 };
  const problems: string[] = [];
  for (const id of ids) {
    const exercise = await exerciseOf(id).catch((error: unknown) => messageOf(error));
    if (typeof exercise === 'string') {
      problems.push(`exercise ${id}: ${exercise}`);
      continue;
    }
    const { code } = exercise.solution;
    const run = kernel.execute(typeof code === 'string' ? code : code[lang], { stopOnError: false });
    const timer = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), limit * 1000).unref());
    const executed = await Promise.race([run, timer]);
    const verdict = verdictsIn(executed?.outputs ?? []).find((each) => each.id === id);
    if (verdict?.ok !== true)
      problems.push(`exercise ${id}: its solution is not found right\n${said(executed?.outputs)}`);
    if (executed === undefined) break;
  }
  return { problems, solved: ids.length - problems.length };
}

function said(outputs: readonly Output[] | undefined): string {
  if (outputs === undefined) return '    it did not end';
  const texts = outputs.map((output) => {
    if (output.output_type === 'stream') return output.text;
    if (output.output_type === 'error') return `${output.ename}: ${output.evalue}`;
    return String(output.data['text/plain'] ?? '');
  });
  return texts.join('\n').replace(/^/gm, '    ');
}
