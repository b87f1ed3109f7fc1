import type { Row } from '../../../core/rows/index.js';
import { UTC_WINDOWS, type WindowClock } from '../../../engine/operators/table/windows/window-clock.js';
import type { EvaluationContext } from '../../codegen/index.js';
import { ValidationError } from '../../errors.js';
import { toInstant, toLocal } from '../../functions/runtime/zones.js';
import type { WindowProperties } from '../../physical/node.js';
import type { PlanField } from '../../plan/field.js';
import type { WindowSpec } from '../../plan/rel.js';

const HOUR_MS = 3_600_000;

/**
 * The windows' view of time for a time attribute: TIMESTAMP_LTZ goes by the session's zone, also where its clocks are set.
 *
 * @see Flink: `TimeWindowUtil`
 */
export function windowClock(time: PlanField, { timeZone }: EvaluationContext): WindowClock {
  if (time.type.root !== 'TIMESTAMP_LTZ' || timeZone === 'UTC') return UTC_WINDOWS;
  return {
    toLocal: (ms) => toLocal(ms, timeZone),
    toEpoch: (ms) => toInstant(ms, timeZone),
    timerOf: (localMs) => {
      const now = toInstant(localMs, timeZone);
      const hourOn = toInstant(localMs + HOUR_MS, timeZone);
      // No such local time: clocks go forward over it. Twice: they go back over it, and the second time counts.
      if (now === hourOn) return now - (now % HOUR_MS);
      return hourOn - now > HOUR_MS ? now + HOUR_MS : now;
    },
  };
}

/** Reads a column with a number of ms. */
export function reader(fields: readonly PlanField[], index: number): (row: Row) => number {
  const { name } = fields[index] as PlanField;
  return (row) => row[name] as number;
}

/** Reads the event time; absent for processing time. */
export function timeReader(fields: readonly PlanField[], index: number): ((row: Row) => number) | undefined {
  return fields[index]?.time === 'proctime' ? undefined : reader(fields, index);
}

/** Whether columns tell which window a row belongs to. */
export function holdWindow(columns: readonly number[], window: WindowProperties): boolean {
  return columns.some((i) => window.start.includes(i)) && columns.some((i) => window.end.includes(i));
}

/** The columns that are no bounds of the window. */
export function withoutBounds(columns: readonly number[], { start, end, time }: WindowProperties): number[] {
  return columns.filter((i) => !start.includes(i) && !end.includes(i) && !time.includes(i));
}

/**
 * Refuses windows whose parts do not fill them.
 *
 * @throws ValidationError in Flink's words
 */
export function requireMultiple(spec: WindowSpec): void {
  if (spec.type === 'hop' && spec.size % spec.slide !== 0) {
    throw new ValidationError(
      `HOP table function based aggregate requires size must be an integral multiple of slide, but got size ${spec.size} ms and slide ${spec.slide} ms`,
    );
  }
  if (spec.type === 'cumulate' && spec.size % spec.step !== 0) {
    throw new ValidationError(
      `CUMULATE table function based aggregate requires maxSize must be an integral multiple of step, but got maxSize ${spec.size} ms and step ${spec.step} ms`,
    );
  }
}

/** A window as Flink's plans write it: `TUMBLE(time_col=[rowtime], size=[5 s])`. */
export function windowText(spec: WindowSpec, fields: readonly PlanField[]): string {
  const time = `time_col=[${fields[spec.time]?.name}]`;
  const offset = 'offset' in spec && spec.offset !== undefined ? `, offset=[${durationText(spec.offset)}]` : '';
  switch (spec.type) {
    case 'tumble':
      return `TUMBLE(${time}, size=[${durationText(spec.size)}]${offset})`;
    case 'hop':
      return `HOP(${time}, size=[${durationText(spec.size)}], slide=[${durationText(spec.slide)}]${offset})`;
    case 'cumulate':
      return `CUMULATE(${time}, max_size=[${durationText(spec.size)}], step=[${durationText(spec.step)}]${offset})`;
    case 'session': {
      const keys = (spec.partitionBy ?? []).map((i) => fields[i]?.name);
      const partition = keys.length === 0 ? '' : `, partition keys=[${keys.join(', ')}]`;
      return `SESSION(${time}, gap=[${durationText(spec.gap)}]${partition})`;
    }
    default:
      return `COUNT(${time}, size=[${spec.size}])`;
  }
}

const UNITS = [
  ['d', 86_400_000],
  ['h', HOUR_MS],
  ['min', 60_000],
  ['s', 1000],
] as const;

function durationText(ms: number): string {
  for (const [unit, size] of UNITS) if (ms !== 0 && ms % size === 0) return `${ms / size} ${unit}`;
  return `${ms} ms`;
}
