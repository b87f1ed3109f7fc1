import { isTimestamp } from '../core/values/index.js';
import type { Gathered } from './gather.js';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * Columns of a stream's elements: the properties that any of them has, in the order in which they turn up; what an element
 * does not have is `null`. Elements that are no objects go into the column `value`.
 */
export function elementColumns(elements: readonly unknown[]): Gathered {
  const columns = new Map<string, unknown[]>();
  const put = (name: string, i: number, value: unknown): void => {
    let column = columns.get(name);
    if (column === undefined) {
      column = new Array(elements.length).fill(null);
      columns.set(name, column);
    }
    column[i] = value === undefined ? null : leaving(value);
  };
  for (const [i, element] of elements.entries()) {
    const given = said(element);
    if (!isRecord(given)) put('value', i, given);
    else for (const [name, value] of Object.entries(given)) put(name, i, value);
  }
  return { names: [...columns.keys()], columns: [...columns.values()], rowCount: elements.length };
}

/** What an object says of itself: a Kafka message leaves out its raw record. */
function said(element: unknown): unknown {
  const own = (element as { [INSPECT]?: () => unknown } | null | undefined)?.[INSPECT];
  const given = typeof element === 'object' && typeof own === 'function' ? own.call(element) : element;
  return isRecord(given) ? given : element;
}

function isRecord(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !isTimestamp(value) &&
    Object.prototype.toString.call(value) === '[object Object]'
  );
}

/** Both libraries know dates, and not our timestamps. */
function leaving(value: unknown): unknown {
  return isTimestamp(value) && value.nanosOfMs === 0 ? new Date(value.ms) : value;
}
