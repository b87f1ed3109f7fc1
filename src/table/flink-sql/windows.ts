import type { PlanField } from '../plan/field.js';
import type { WindowSpec } from '../plan/rel.js';
import { quoteIdentifier as q } from '../sql/unparse/index.js';
import { dayTimeText } from './literals.js';
import { NotInFlinkSqlError } from './refusal.js';

/** TUMBLE, HOP, CUMULATE or SESSION over a table. */
export function windowFunction(window: WindowSpec, table: string, fields: readonly PlanField[]): string {
  const time = `DESCRIPTOR(${q((fields[window.time] as PlanField).name)})`;
  const offset =
    'offset' in window && window.offset !== undefined && window.offset !== 0 ? `, ${dayTimeText(window.offset)}` : '';
  switch (window.type) {
    case 'tumble':
      return `TUMBLE(${table}, ${time}, ${dayTimeText(window.size)}${offset})`;
    case 'hop':
      return `HOP(${table}, ${time}, ${dayTimeText(window.slide)}, ${dayTimeText(window.size)}${offset})`;
    case 'cumulate':
      return `CUMULATE(${table}, ${time}, ${dayTimeText(window.step)}, ${dayTimeText(window.size)}${offset})`;
    case 'session': {
      const by = (window.partitionBy ?? []).map((index) => q((fields[index] as PlanField).name));
      const partition = by.length === 0 ? '' : ` PARTITION BY (${by.join(', ')})`;
      return `SESSION(${table}${partition}, ${time}, ${dayTimeText(window.gap)})`;
    }
    case 'count':
      throw countRefusal();
  }
}

const countRefusal = (): NotInFlinkSqlError =>
  new NotInFlinkSqlError('a window of a number of rows', 'Flink SQL has none; a window of time, or OVER (ROWS ...)');

/** A window in GROUP BY, and what SELECT can say of it. */
export function groupWindow(
  window: WindowSpec,
  time: string,
): { readonly call: string; property(name: 'start' | 'end' | 'rowtime' | 'proctime'): string } {
  const { name, sizes } = groupWindowParts(window);
  const operands = [time, ...sizes.map(dayTimeText)].join(', ');
  return {
    call: `${name}(${operands})`,
    property: (property) => `${name}_${property.toUpperCase()}(${operands})`,
  };
}

function groupWindowParts(window: WindowSpec): { readonly name: string; readonly sizes: readonly number[] } {
  switch (window.type) {
    case 'tumble':
      return { name: 'TUMBLE', sizes: [window.size] };
    case 'hop':
      return { name: 'HOP', sizes: [window.slide, window.size] };
    case 'session':
      return { name: 'SESSION', sizes: [window.gap] };
    default:
      if (window.type === 'count') throw countRefusal();
      throw new NotInFlinkSqlError(`a ${window.type} window in GROUP BY`);
  }
}
