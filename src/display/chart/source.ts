import { types } from 'node:util';
import type { TableData } from '../../core/display.js';
import { frames } from '../../core/frames.js';
import type { JobMetrics, OperatorFigures } from '../../engine/inspect/job-metrics.js';
import { read } from '../compact.js';
import { fromArrays, type RowSource, sourceOf, take } from '../infer.js';
import { tableSource } from '../table.js';
import { isTopic } from '../topic-view.js';

/** So many rows of an iterable are drawn; what is in memory already is drawn whole. */
const MOST_ROWS = 1_000_000;

/**
 * What a table of another kind offers so that it can be drawn: its rows, with the names and types of its columns. May
 * take its time.
 */
export interface Tabular {
  toTable(): TableData | Promise<TableData>;
}

function isTableData(data: object): data is TableData {
  const [columns, rows] = [read(data, 'columns'), read(data, 'rows')];
  return Array.isArray(columns) && Array.isArray(rows) && rows.every(Array.isArray) && columns.every(named);
}

function named(column: unknown): boolean {
  return typeof (column as { name?: unknown } | null)?.name === 'string';
}

/** A job: its figures by operator. */
function isMeasured(data: object): data is { metrics(): JobMetrics } {
  return typeof read(data, 'metrics') === 'function' && typeof read(data, 'explain') === 'function';
}

function operatorRow(one: OperatorFigures): object {
  const source = one.kind === 'source';
  return {
    operator: one.name,
    records: source ? one.numRecordsOut : one.numRecordsIn,
    perSecond: source ? one.numRecordsOutPerSecond : one.numRecordsInPerSecond,
    out: one.numRecordsOut,
    state: one.stateEntries,
    stateBytes: one.stateBytes,
    timers: one.timers,
    late: one.numLateRecordsDropped,
    skipped: one.numRecordsSkipped,
  };
}

/** What comes in over time: a running stream, messages. */
export function isAsync(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === 'object' && data !== null && typeof read(data, Symbol.asyncIterator) === 'function';
}

export function isTabular(data: unknown): data is Tabular {
  return typeof data === 'object' && data !== null && typeof read(data, 'toTable') === 'function';
}

/**
 * The rows of anything tabular that is here already: rows, iterables, a `Map`, an arquero table, a danfojs frame; of a job
 * its operators, of a topic's description its partitions.
 */
export function rowsOf(data: unknown): RowSource {
  if (typeof data !== 'object' || data === null) return sourceOf([data]);
  const view = frames().view(data);
  if (view !== undefined) return fromArrays(view.rowCount, (index) => view.row(index), view.columns);
  if (isTableData(data)) return tableSource(data);
  if (isMeasured(data)) return sourceOf(data.metrics().operators.map(operatorRow));
  if (isTopic(data)) {
    const rows = data.partitions.map(({ partition, messages, first, next }) => {
      return { partition: `${partition}`, messages, first, next };
    });
    return sourceOf(rows);
  }
  const whole = Array.isArray(data) || types.isMap(data) || ArrayBuffer.isView(data);
  if (whole || typeof read(data, Symbol.iterator) !== 'function') return sourceOf(data);
  const { taken, more } = take(data as Iterable<unknown>, MOST_ROWS);
  return { ...sourceOf(taken), endless: more };
}
