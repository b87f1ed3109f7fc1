import { ArgumentError } from '../../core/errors.js';
import type { Execution } from '../run/execution.js';
import type { OperatorTask } from '../run/topology.js';
import type { StateDescriptor } from '../state/descriptors.js';
import { OperatorState } from './operator-state.js';

/** The state of the operator with this uid or name, or of the only one that has the described state. */
export function stateOf(execution: Execution, asked: string | StateDescriptor): OperatorState {
  const byUid = new Map<string, OperatorTask[]>();
  for (const task of execution.topology.operators) {
    const tasks = byUid.get(task.context.uid);
    if (tasks === undefined) byUid.set(task.context.uid, [task]);
    else tasks.push(task);
  }
  const all = [...byUid].map(
    ([uid, tasks]) => new OperatorState(tasks[0]?.context.name ?? uid, uid, tasks, execution.clock),
  );
  const found = all.filter((one) =>
    typeof asked === 'string'
      ? one.uid === asked || one.operator === asked
      : one.states().some(({ name }) => name === asked.name || name === `trigger/${asked.name}`) ||
        (byUid.get(one.uid) ?? []).some(({ context }) => context.operatorState.broadcasts.has(asked.name)),
  );
  const exact = found.filter((one) => one.uid === asked);
  const [only] = exact.length === 1 ? exact : found;
  if (only !== undefined && (exact.length === 1 || found.length === 1)) return only;
  const named = (states: readonly OperatorState[]): string =>
    states.map(({ uid, operator }) => `\`${uid}\` (${operator})`).join(', ');
  const what = typeof asked === 'string' ? `\`${asked}\`` : `with a state \`${asked.name}\``;
  if (found.length === 0) {
    throw new ArgumentError(`state: there is no operator ${what}`, { hint: `there are ${named(all)}` });
  }
  throw new ArgumentError(`state: several operators ${typeof asked === 'string' ? 'are called' : 'are'} ${what}`, {
    hint: `ask by uid: ${named(found)}`,
  });
}
