import { type AnyType, type } from '../../../core/types/index.js';
import { DAY_MS, type Timestamp } from '../../../core/values/index.js';
import { type CallSite, invalid } from '../../expressions/call-site.js';
import { call, literal, type Rex, type RexCall } from '../../plan/rex.js';
import type { CallRequest, ScalarFunction } from '../definition.js';
import {
  ceilDay,
  ceilLocal,
  ceilTime,
  dateField,
  floorDay,
  floorTime,
  timeDifference,
  timestampField,
} from '../runtime/time-fields.js';
import { toLocal } from '../runtime/zones.js';
import { cannotApply, checkForms, resultType, scalar } from '../signature.js';
import { isNumeric, isTimestampType, T, withNull } from '../types.js';

/** A point in time as local ms: what its fields are read from. */
function localMs(t: AnyType, timeZone: string): (value: never) => number {
  switch (t.root) {
    case 'DATE':
      return (day: number) => day * DAY_MS;
    case 'TIMESTAMP_LTZ':
      return t.precision <= 3 ? (ms: number) => toLocal(ms, timeZone) : (time: Timestamp) => toLocal(time.ms, timeZone);
    case 'TIMESTAMP':
      return t.precision <= 3 ? (ms: number) => ms : (time: Timestamp) => time.ms;
    default:
      return (ms: number) => ms;
  }
}

const TIME_UNITS = new Set(['HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND', 'NANOSECOND']);

function extractRunner(unit: string, t: AnyType, timeZone: string): (value: never) => number {
  if (t.root === 'DATE' && !TIME_UNITS.has(unit)) return (day: number) => dateField(unit, day) ?? 0;
  if (t.root === 'INTERVAL_YEAR_MONTH') {
    return (months: number) => (unit === 'YEAR' ? Math.trunc(months / 12) : unit === 'MONTH' ? months % 12 : 0) + 0;
  }
  if (t.root === 'INTERVAL_DAY_TIME') {
    return (ms: number) => (unit === 'DAY' ? Math.trunc(ms / DAY_MS) + 0 : timestampField(unit, ms));
  }
  const local = localMs(t, timeZone);
  if (isTimestampType(t) && t.precision > 3 && (unit === 'MICROSECOND' || unit === 'NANOSECOND')) {
    const below = unit === 'MICROSECOND' ? 1000 : 1;
    return (value: never) => timestampField(unit, local(value)) + Math.trunc((value as Timestamp).nanosOfMs / below);
  }
  return (value: never) => timestampField(unit, local(value));
}

/** Which units a value has. */
function checkUnit(unit: string, t: AnyType, site: CallSite): void {
  const tiny = unit === 'MICROSECOND' || unit === 'NANOSECOND';
  if (t.root === 'TIME' && (!TIME_UNITS.has(unit) || tiny))
    throw invalid(`unit ${unit} can not be applied to ${tiny ? t : 'time'} variable`, site);
  if (t.root === 'DATE' && tiny) throw invalid(`unit ${unit} can not be applied to DATE variable`, site);
}

const EXTRACT: ScalarFunction = scalar('EXTRACT', [['DATETIME_INTERVAL']], T.bigint, {
  prepare({ operands, options, site }) {
    checkUnit(String(options.unit ?? 'DAY'), operands[0]?.type as AnyType, site);
    return {};
  },
  implement: (rex, { timeZone }) =>
    extractRunner(String(rex.options?.unit ?? 'DAY'), rex.operands[0]?.type as AnyType, timeZone),
});

/** YEAR(x) and its kin are EXTRACT. */
function shortcut(name: string, unit: string): ScalarFunction {
  return {
    name,
    resolve(request) {
      const types = request.operands.map((operand) => operand.type);
      checkForms(name, types, [['DATETIME']], request.site);
      checkUnit(unit, types[0] as AnyType, request.site);
      const made = call('EXTRACT', request.operands, resultType(T.bigint, types, 'args'), { options: { unit } });
      return { type: made.type, instead: made };
    },
  };
}

/** FLOOR and CEIL of a time TO a unit. Those of numbers are beside the other functions of numbers. */
export function roundTime(
  name: 'FLOOR' | 'CEIL',
  { type: t, options }: RexCall,
  timeZone: string,
): (value: never) => unknown {
  const unit = String(options?.unit);
  const [day, time] = name === 'FLOOR' ? [floorDay, floorTime] : [ceilDay, ceilTime];
  if (t.root === 'DATE') return (value: number) => day(unit, value);
  // A time of day has nothing longer than hours.
  if (t.root === 'TIME' && !TIME_UNITS.has(unit)) return (value: number) => value;
  if (t.root === 'TIMESTAMP_LTZ') {
    const rounded = name === 'CEIL' ? ceilLocal : floorTime;
    // With the offset that the zone has at that moment, also where it has another one at the bound.
    const convert = (ms: number): number => {
      const offset = toLocal(ms, timeZone) - ms;
      return rounded(unit, ms + offset) - offset;
    };
    return t.precision <= 3
      ? convert
      : (value: Timestamp) => value.plusMs(convert(value.ms) - value.ms).withPrecision(3);
  }
  if (isTimestampType(t) && t.precision > 3) {
    const upwards = name === 'CEIL' && unit === 'MILLISECOND';
    return (value: Timestamp) =>
      value.plusMs(upwards && value.nanosOfMs > 0 ? 1 : time(unit, value.ms) - value.ms).withPrecision(3);
  }
  return (value: number) => time(unit, value);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  MILLISECOND: 1,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
};
const UNIT_MONTHS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/** One unit as an interval; `undefined` for a unit that is none here. */
function unitInterval(unit: string): Rex | undefined {
  const months = UNIT_MONTHS[unit];
  if (months !== undefined) return literal(months, withNull(type.intervalYearMonth('MONTH') as AnyType, false));
  const ms = UNIT_MS[unit];
  return ms === undefined ? undefined : literal(ms, withNull(type.intervalDayTime('SECOND(3)') as AnyType, false));
}

function times(count: Rex, interval: Rex): Rex {
  if (
    count.kind === 'literal' &&
    interval.kind === 'literal' &&
    typeof count.value === 'number' &&
    count.type.root !== 'DECIMAL'
  ) {
    return literal(count.value * (interval.value as number), interval.type);
  }
  return call('*', [count, interval], resultType(interval.type, [count.type], 'args'));
}

function unitOf({ name, options, site }: CallRequest): Rex {
  const interval = unitInterval(String(options.unit));
  if (interval === undefined) throw invalid(`${name} does not know the unit ${String(options.unit)}`, site);
  return interval;
}

/** TIMESTAMPADD(unit, count, time) is `time + count * INTERVAL '1' unit`. */
const TIMESTAMPADD: ScalarFunction = {
  name: 'TIMESTAMPADD',
  resolve(request) {
    const [count, time] = request.operands as [Rex, Rex];
    checkForms('TIMESTAMPADD', [count.type, time.type], [['INTEGER', 'DATETIME']], request.site);
    const unit = String(request.options.unit);
    let point = time;
    if (time.type.root === 'DATE' && (UNIT_MS[unit] ?? DAY_MS) < DAY_MS) {
      point = call('CAST', [time], withNull(T.timestamp(6), time.type.nullability === 'nullable'));
    }
    const result = resultType(point.type, [count.type, time.type], 'args');
    return { type: result, instead: call('+', [point, times(count, unitOf(request))], result) };
  },
};

const TIMESTAMPDIFF: ScalarFunction = scalar('TIMESTAMPDIFF', [['DATETIME', 'DATETIME']], T.int, {
  prepare({ operands, options, site }) {
    const moments = operands.filter(({ type: t }) => t.root === 'TIMESTAMP_LTZ').length;
    if (moments === 1) throw invalid('TIMESTAMP_LTZ only supports diff between the same type.', site);
    const exact = !Object.hasOwn(UNIT_MONTHS, String(options.unit));
    if (exact && operands.every(({ type: t }) => t.root === 'TIME'))
      throw invalid('TIMESTAMPDIFF does not take the difference of two TIMEs', site);
    return {};
  },
  implement({ operands, options }, { timeZone }) {
    const unit = String(options?.unit);
    // Between two moments as much time goes by in every zone.
    const zone = Object.hasOwn(UNIT_MONTHS, unit) ? timeZone : 'UTC';
    const [from, to] = operands.map((operand) => localMs(operand.type, zone)) as [
      (value: never) => number,
      (value: never) => number,
    ];
    return (a: never, b: never) => timeDifference(unit, from(a), to(b)) | 0;
  },
});

/** INTERVAL x DAY, where x is no constant. */
const INTERVAL: ScalarFunction = {
  name: 'INTERVAL',
  resolve(request) {
    const [count] = request.operands as [Rex];
    const interval = unitOf(request);
    if (!isNumeric(count.type)) throw cannotApply('INTERVAL', [count.type], ['INTERVAL <NUMERIC>'], request.site);
    const made = times(count, interval);
    return { type: made.type, instead: made };
  },
};

export const TIME_FIELDS: readonly ScalarFunction[] = [
  EXTRACT,
  shortcut('YEAR', 'YEAR'),
  shortcut('QUARTER', 'QUARTER'),
  shortcut('MONTH', 'MONTH'),
  shortcut('WEEK', 'WEEK'),
  shortcut('DAYOFYEAR', 'DOY'),
  shortcut('DAYOFMONTH', 'DAY'),
  shortcut('DAYOFWEEK', 'DOW'),
  shortcut('HOUR', 'HOUR'),
  shortcut('MINUTE', 'MINUTE'),
  shortcut('SECOND', 'SECOND'),
  TIMESTAMPADD,
  TIMESTAMPDIFF,
  INTERVAL,
];
