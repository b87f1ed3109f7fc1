import { createTwoFilesPatch } from 'diff';
import { withoutBusyMachine } from './busy-machine.js';
import { mergeStreams } from './notebook.js';
import type { Output } from './outputs.js';
import { difference, plain, type Run } from './varying.js';

/** A cell with this tag shows something else at each run; only the kinds of its outputs are compared. */
export const variesTag = 'varies';
/** What a cell with this tag shows depends on whether a cluster is there, so nothing of it is compared. */
export const clusterTag = 'cluster';
/** A cell with this tag fails on purpose. */
export const raisesTag = 'raises-exception';

/**
 * Compares a cell's outputs with the committed ones: streams, `text/plain` and errors by their text, anything else by
 * being there (its text twin is what is compared).
 *
 * @returns a readable account of the first difference; undefined: there is none
 */
export function compareOutputs(
  committed: readonly Output[],
  got: readonly Output[],
  run: Run,
  varies: boolean,
): string | undefined {
  const [before, now] = [looked(committed), looked(got)];
  const kindsBefore = before.map(kindOf);
  const kindsNow = now.map(kindOf);
  const same = varies ? sameSet(kindsBefore, kindsNow) : kindsBefore.join('\n') === kindsNow.join('\n');
  if (!same && before.length === 0) return 'no outputs are committed (--update writes them)';
  if (!same) {
    const show = (outputs: readonly Output[]): string =>
      outputs.map((each) => `[${kindOf(each)}]\n${textOf(each)}`).join('\n');
    return `other outputs than committed\n${patch(show(before), show(now))}`;
  }
  if (varies) return undefined;
  for (const [index, output] of now.entries()) {
    const found = difference(textOf(before[index]!), textOf(output), run);
    if (found !== undefined)
      return `output ${index + 1} (${kindOf(output)}) differs\n${patch(found.committed, found.got)}`;
  }
  return undefined;
}

/** What is compared of a cell's outputs. */
function looked(outputs: readonly Output[]): Output[] {
  return mergeStreams(withoutBusyMachine(mergeStreams(outputs))).map(normal);
}

/** A result and a display of the same thing look the same. */
function normal(output: Output): Output {
  return output.output_type === 'execute_result' ? { ...output, output_type: 'display_data' } : output;
}

function kindOf(output: Output): string {
  if (output.output_type === 'stream') return output.name;
  if (output.output_type === 'error') return 'error';
  return `display: ${Object.keys(output.data).sort().join(', ')}`;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every((kind) => right.has(kind));
}

function textOf(output: Output): string {
  if (output.output_type === 'stream') return output.text;
  if (output.output_type === 'error') return `${output.ename}: ${output.evalue}`;
  return String(output.data['text/plain'] ?? '');
}

const maxLines = 60;

function patch(committed: string, got: string): string {
  const text = createTwoFilesPatch('committed', 'got', `${plain(committed)}\n`, `${plain(got)}\n`, '', '', {
    context: 2,
  });
  // Its first line underlines a title that is not there.
  const all = text.split('\n').slice(1);
  const shown = all.slice(0, maxLines);
  if (all.length > maxLines) shown.push(`... ${all.length - maxLines} more lines`);
  return shown
    .map((line) => `    ${line}`)
    .join('\n')
    .trimEnd();
}
