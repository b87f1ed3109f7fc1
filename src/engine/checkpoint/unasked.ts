import type { OperatorTask, Topology } from '../run/topology.js';

/**
 * State that a snapshot brought, of operators that have had elements since and have not asked for it: under another name
 * now, perhaps. It is kept, and goes on into the next snapshots.
 *
 * @returns "`state` of `uid` (operator)", each once
 */
export function unaskedIn(topology: Topology): string[] {
  const unasked = new Set<string>();
  for (const task of topology.operators) {
    if (task.gates.every((gate) => gate.recordsIn() === 0)) continue;
    const { uid, name } = task.context;
    for (const state of statesOf(task)) unasked.add(`\`${state}\` of \`${uid}\` (${name})`);
  }
  return [...unasked];
}

function* statesOf({ context }: OperatorTask): Generator<string> {
  const { lists, broadcasts } = context.operatorState;
  const all = [...lists, ...broadcasts, ...(context.isKeyed ? context.keyed().tables : [])];
  for (const [name, { fromSnapshot, asked }] of all) {
    // What triggers keep is asked for window by window.
    if (fromSnapshot && !asked && !name.startsWith('trigger/')) yield name;
  }
}
