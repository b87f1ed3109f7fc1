import { StreambookError } from '../../../core/errors.js';
import type { AnyType } from '../../../core/types/index.js';
import { MIN_LONG, Timestamp } from '../../../core/values/index.js';
import type { EvaluationContext } from '../../codegen/context.js';
import { castTo } from '../../expressions/casting.js';
import type { Rex } from '../../plan/rex.js';
import type { CodeWriter, ScalarFunction } from '../definition.js';
import { formatTime, parseTimeBy } from '../runtime/date-pattern.js';
import { addMonthsToMs } from '../runtime/months.js';
import { textToDate, textToTimestamp } from '../runtime/parse-time.js';
import { toInstant, toLocal } from '../runtime/zones.js';
import { scalar } from '../signature.js';
import { isCharacter, isInteger, isInterval, isTimestampType, T } from '../types.js';

const DAY = 86_400_000;

/** The time now, by the clock of the run: of every row anew, as Flink does on streams. */
function now(name: string, type: AnyType, value: (context: EvaluationContext) => () => unknown): ScalarFunction {
  return scalar(name, [[]], type, {
    nullable: 'never',
    deterministic: 'query',
    inline: (_, __, writer: CodeWriter) => `${writer.constant(value(writer.context))}()`,
  });
}

const instant =
  ({ clock }: EvaluationContext) =>
  () =>
    clock.now();
const local =
  ({ clock, timeZone }: EvaluationContext) =>
  () =>
    toLocal(clock.now(), timeZone);

/** A point in time as local time. */
function localTime(t: AnyType, timeZone: string): (value: never) => Timestamp | undefined {
  if (isCharacter(t)) return (text: string) => (text.includes(':') ? textToTimestamp(text) : undefined);
  if (t.root === 'DATE') return (day: number) => Timestamp.ofMs(day * DAY);
  if (!isTimestampType(t)) return (ms: number) => Timestamp.ofMs(ms);
  const full = (value: number | Timestamp): Timestamp => (typeof value === 'number' ? Timestamp.ofMs(value) : value);
  if (t.root === 'TIMESTAMP') return full as (value: never) => Timestamp;
  return (value: number | Timestamp) => {
    const time = full(value);
    return Timestamp.ofMs(toLocal(time.ms, timeZone), time.nanosOfMs);
  };
}

const DATE_FORMAT = scalar(
  'DATE_FORMAT',
  [
    ['TIMESTAMP', 'CHARACTER'],
    ['CHARACTER', 'CHARACTER'],
  ],
  T.string,
  {
    nullable: 'always',
    implement({ operands }, { timeZone }) {
      const time = localTime(operands[0]?.type as AnyType, timeZone);
      // A text is read up to its seconds.
      const text = isCharacter(operands[0]?.type as AnyType);
      return (value: never, pattern: string) => {
        const point = time(value);
        if (point === undefined) return null;
        return formatTime(text ? Timestamp.ofMs(point.ms - (((point.ms % 1000) + 1000) % 1000)) : point, pattern);
      };
    },
  },
);

const STANDARD = 'yyyy-MM-dd HH:mm:ss';
// What a text that cannot be read becomes.
const UNREADABLE = MIN_LONG;

const UNIX_TIMESTAMP: ScalarFunction = scalar('UNIX_TIMESTAMP', [['CHARACTER?', 'CHARACTER?']], T.bigint, {
  deterministic: 'query',
  implement({ operands }, { clock, timeZone }) {
    if (operands.length === 0) return () => Math.floor(clock.now() / 1000);
    return (text: string, pattern?: string) => {
      const found = parseTimeBy(text, pattern ?? STANDARD, true);
      return found === undefined ? UNREADABLE : Math.trunc(toInstant(found.ms, timeZone) / 1000) + 0;
    };
  },
});

const FROM_UNIXTIME = scalar('FROM_UNIXTIME', [['NUMERIC', 'CHARACTER?']], T.string, {
  nullable: 'always',
  prepare: ({ operands }) => ({ operands: [castTo(operands[0] as never, T.bigint), ...operands.slice(1)] }),
  implement:
    (_, { timeZone }) =>
    (seconds: number | bigint, pattern?: string) =>
      formatTime(Timestamp.ofMs(toLocal(Number(seconds) * 1000, timeZone)), pattern ?? STANDARD),
});

const TO_DATE = scalar('TO_DATE', [['CHARACTER', 'CHARACTER?']], T.date, {
  nullable: 'always',
  implement: () => (text: string, pattern?: string) => {
    if (pattern === undefined) return textToDate(text) ?? null;
    const found = parseTimeBy(text, pattern, true);
    return found === undefined ? null : Math.floor(found.ms / DAY);
  },
});

const TO_TIMESTAMP = scalar('TO_TIMESTAMP', [['CHARACTER', 'CHARACTER?']], T.timestamp(3), {
  nullable: 'always',
  implement: () => (text: string, pattern?: string) =>
    (pattern === undefined || pattern === STANDARD ? textToTimestamp(text) : parseTimeBy(text, pattern))?.ms ?? null,
});

const FIRST_MOMENT = -62_167_219_200_000;
const LAST_MOMENT = 253_402_300_799_999;

/** A moment between the years 0 and 9999; otherwise NULL. */
function within(ms: number): number | null {
  return ms >= FIRST_MOMENT && ms <= LAST_MOMENT ? ms + 0 : null;
}

const TO_TIMESTAMP_LTZ = scalar('TO_TIMESTAMP_LTZ', [['NUMERIC', 'INTEGER']], T.timestampLtz(3), {
  nullable: 'always',
  inline([value, precision], { operands }, writer) {
    const [number, unit] = operands as [Rex, Rex];
    const make = `${writer.constant(momentOf(number.type))}(${value}, ${precision})`;
    const ms = unit.kind === 'literal' && unit.value === 3 && isInteger(number.type);
    // What one writes nearly always: it is the number itself.
    return ms ? `${value} >= ${FIRST_MOMENT} && ${value} <= ${LAST_MOMENT} ? Number(${value}) : ${make}` : make;
  },
});

function momentOf(type: AnyType): (value: number | bigint, precision: number) => number | null {
  const scale = type.root === 'DECIMAL' ? type.scale : 0;
  const real = type.root === 'FLOAT' || type.root === 'DOUBLE';
  return (value, precision) => {
    const size = Number(value) / 10 ** scale;
    if (precision === 0 && real) return within(Math.trunc(size * 1000));
    if (precision === 0 || precision === 3) return within(Math.trunc(size) * (precision === 0 ? 1000 : 1));
    throw new StreambookError(
      'bad-argument',
      `The precision value '${precision}' for function TO_TIMESTAMP_LTZ(numeric, precision) is unsupported, the supported value is '0' for second or '3' for millisecond.`,
    );
  };
}

const CONVERT_TZ = scalar('CONVERT_TZ', [['CHARACTER', 'CHARACTER', 'CHARACTER']], T.string, {
  nullable: 'always',
  implement: () => (text: string, from: string, to: string) => {
    const found = parseTimeBy(text, STANDARD, true);
    if (found === undefined) return null;
    return formatTime(Timestamp.ofMs(toLocal(toInstant(found.ms, from), to)), STANDARD);
  },
});

const OVERLAPS_POINTS = scalar(
  'OVERLAPS',
  [
    ['DATETIME', 'DATETIME', 'DATETIME', 'DATETIME'],
    ['DATETIME', 'DATETIME_INTERVAL', 'DATETIME', 'DATETIME_INTERVAL'],
  ],
  T.boolean,
  {
    implement({ operands }, { timeZone }) {
      const ends = operands.map(({ type }) => (isInterval(type) ? undefined : localTime(type, timeZone)));
      const end = (values: readonly never[], i: number): number => {
        const read = ends[i];
        if (read !== undefined) return read(values[i] as never)?.ms ?? 0;
        const [from, size] = [end(values, i - 1), Number(values[i])];
        return operands[i]?.type.root === 'INTERVAL_YEAR_MONTH' ? addMonthsToMs(from, size) : from + size;
      };
      return (...values: never[]) => {
        const [a, b, c, d] = [end(values, 0), end(values, 1), end(values, 2), end(values, 3)];
        return Math.max(a, b) >= Math.min(c, d) && Math.max(c, d) >= Math.min(a, b);
      };
    },
  },
);

/** (a, b) OVERLAPS (c, d): the second of each pair is a time or an interval; ends that touch overlap. */
const OVERLAPS: ScalarFunction = {
  ...OVERLAPS_POINTS,
  resolve(request) {
    const spread = request.operands.flatMap((o) => (o.kind === 'call' && o.function === 'ROW' ? o.operands : [o]));
    return { operands: spread, ...OVERLAPS_POINTS.resolve({ ...request, operands: spread }) };
  },
};

/** The watermark at the step that asks, or NULL before the first. */
const CURRENT_WATERMARK = scalar(
  'CURRENT_WATERMARK',
  [['TIMESTAMP'], ['TIMESTAMP_LTZ']],
  ([operand]) => operand as AnyType,
  {
    nullable: 'always',
    deterministic: false,
    nulls: 'pass',
    implement:
      (_, { watermark }) =>
      () =>
        watermark?.now() ?? null,
  },
);

export const TIMES: readonly ScalarFunction[] = [
  CURRENT_WATERMARK,
  now('CURRENT_TIMESTAMP', T.timestampLtz(3), instant),
  now('NOW', T.timestampLtz(3), instant),
  now('CURRENT_ROW_TIMESTAMP', T.timestampLtz(3), instant),
  now('PROCTIME', T.timestampLtz(3), instant),
  now('LOCALTIMESTAMP', T.timestamp(3), local),
  now('CURRENT_DATE', T.date, (context) => () => Math.floor(local(context)() / DAY)),
  now('CURRENT_TIME', T.time(0), (context) => () => timeOfDay(local(context)())),
  now('LOCALTIME', T.time(0), (context) => () => timeOfDay(local(context)())),
  DATE_FORMAT,
  UNIX_TIMESTAMP,
  FROM_UNIXTIME,
  TO_DATE,
  TO_TIMESTAMP,
  TO_TIMESTAMP_LTZ,
  CONVERT_TZ,
  OVERLAPS,
];

function timeOfDay(ms: number): number {
  const ofDay = ((ms % DAY) + DAY) % DAY;
  return ofDay - (ofDay % 1000);
}
