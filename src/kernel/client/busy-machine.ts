import type { Output } from './outputs.js';

/** What the engine says where a call took long: a busy machine is enough for it, and the next run does not repeat it. */
const WARNINGS = [
  /^the operator `.*` held everything up for \d+ ms in one call[\s\S]*?\n {2}hint: all operators share one thread.*(?:\n|$)/gm,
  /^something held everything up for \d+ ms, once: .*(?:\n|$)/gm,
];

/** The outputs without what only says that the machine was busy. */
export function withoutBusyMachine(outputs: readonly Output[]): Output[] {
  return outputs.flatMap((output) => {
    if (output.output_type !== 'stream' || output.name !== 'stderr') return [output];
    const text = WARNINGS.reduce((left, warning) => left.replace(warning, ''), output.text);
    return text.trim() === '' ? [] : [{ ...output, text }];
  });
}
