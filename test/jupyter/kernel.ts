import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Executed, type NotebookKernel, type Output, openKernel } from '../../src/kernel/client/index.js';

/** A kernel for the tests of this file; call it at the top level. */
export function useKernel(): { readonly kernel: NotebookKernel } {
  const holder: { kernel: NotebookKernel | undefined } = { kernel: undefined };
  beforeAll(async () => {
    // What JupyterLab's client library says of each connection is no news.
    console.debug = () => undefined;
    holder.kernel = await openKernel(inject('server'));
  });
  afterAll(async () => {
    await holder.kernel?.shutdown();
  });
  return {
    get kernel() {
      return holder.kernel!;
    },
  };
}

/** The text of one stream of a cell. */
export function printed({ outputs }: Pick<Executed, 'outputs'>, name: 'stdout' | 'stderr' = 'stdout'): string {
  return outputs.map((output) => (output.output_type === 'stream' && output.name === name ? output.text : '')).join('');
}

/** The `text/plain` of a cell's last result. */
export function result({ outputs }: Executed): unknown {
  const last = outputs.findLast((output) => 'data' in output);
  return last !== undefined && 'data' in last ? last.data['text/plain'] : undefined;
}

type ErrorOutput = Extract<Output, { output_type: 'error' }>;

/** The error a cell ended with, its traceback as one text without colours. */
export function failure({ outputs }: Executed): { ename: string; evalue: string; text: string } {
  const error = outputs.find((output): output is ErrorOutput => output.output_type === 'error');
  if (error === undefined) return { ename: '', evalue: '', text: '' };
  const { ename, evalue, traceback } = error;
  return { ename, evalue, text: stripVTControlCharacters(traceback.join('\n')) };
}

/** Runs a cell, and interrupts it when it has printed `when`. */
export async function interrupted(kernel: NotebookKernel, code: string, when: string): Promise<Executed> {
  let pressed: Promise<void> | undefined;
  const executed = await kernel.execute(code, {
    onOutput: (outputs) => {
      if (printed({ outputs: [...outputs] }).includes(when)) pressed ??= kernel.interrupt();
    },
  });
  await pressed;
  return executed;
}
