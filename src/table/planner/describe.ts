import type { AggregateCall, SortKey } from '../plan/rex.js';

type Named = { readonly name: string };

/** `SUM(DISTINCT price) FILTER f AS total`, as in Flink's plans. */
export function aggregateText(call: AggregateCall, fields: readonly Named[]): string {
  const operands = call.operands.map((i) => fields[i]?.name).join(', ');
  const inside = call.function === 'COUNT' && call.operands.length === 0 ? '*' : operands;
  const filter = call.filter === undefined ? '' : ` FILTER ${fields[call.filter]?.name}`;
  return `${call.function}(${call.distinct ? 'DISTINCT ' : ''}${inside})${filter} AS ${call.name}`;
}

/** `price DESC, id ASC`. */
export function sortText(keys: readonly SortKey[], fields: readonly Named[]): string {
  return keys.map(({ index, descending }) => `${fields[index]?.name} ${descending ? 'DESC' : 'ASC'}`).join(', ');
}
