import { types } from 'node:util';
import { ArgumentError } from '../../core/errors.js';
import { isTimestamp } from '../../core/values/timestamp.js';
import { compact } from '../compact.js';
import type { RowSource } from '../infer.js';
import { cut, joined, visible } from '../visible.js';

/** What a column's values are to a chart: moments, amounts, or names. */
export type ColumnKind = 'temporal' | 'quantitative' | 'nominal';

/** What stands in a chart: an amount or a moment (epoch ms) as a number, a name as text, nothing as null. */
export type ChartValue = number | string | null;

/** A column taken out of rows for a chart. */
export interface ChartColumn {
  /** As its owner calls it. */
  readonly name: string;
  /** The same as the chart writes it: nothing hidden, not too long. */
  readonly title: string;
  readonly kind: ColumnKind;
  readonly values: readonly ChartValue[];
  /** Numbers that lost digits: beyond 2^53 a chart is not exact. */
  readonly rounded: number;
}

const NAME_CHARACTERS = 60;
const DATE_TEXT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const TIME_NAME =
  /(?:^|[^a-z])(?:ts|at|time|date|timestamp|rowtime|proctime)$|(?:time|date|timestamp|Time|Date|Timestamp|At)$/;
/** Numbers between these (2001 and 2100) in a column named like a time are epoch milliseconds. */
const EARLY_MS = 978_307_200_000;
const LATE_MS = 4_102_444_800_000;

/** Text as a chart can write it on an axis. */
export function labelOf(text: string): string {
  const part = cut(text, NAME_CHARACTERS);
  return joined(visible(part.text, part.hidden === 0)) + (part.hidden > 0 ? '…' : '');
}

/** A moment written as text, as epoch ms; without an offset it is UTC, as everywhere here. */
function momentOf(text: string): number {
  const iso = text.replace(' ', 'T');
  return Date.parse(/T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
}

function isMoment(value: unknown): boolean {
  return types.isDate(value) || isTimestamp(value);
}

/** Decimals and other numbers that are objects say their amount as text. */
function amountOf(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || isMoment(value) || Array.isArray(value)) return undefined;
  const { text } = compact(value, 60);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function kindOf(name: string, values: readonly unknown[]): ColumnKind {
  let moments = 0;
  let amounts = 0;
  let dates = 0;
  let recent = 0;
  let all = 0;
  for (const value of values) {
    if (value === null || value === undefined || typeof value === 'symbol') continue;
    all++;
    const amount = amountOf(value);
    if (isMoment(value)) moments++;
    else if (amount !== undefined) {
      amounts++;
      if (amount >= EARLY_MS && amount <= LATE_MS) recent++;
    } else if (typeof value === 'string' && DATE_TEXT.test(value) && !Number.isNaN(momentOf(value))) dates++;
  }
  if (all === 0) return 'quantitative';
  if (moments === all || dates === all) return 'temporal';
  if (recent === all && TIME_NAME.test(name)) return 'temporal';
  return amounts === all ? 'quantitative' : 'nominal';
}

function timeOf(value: unknown): number | null {
  let ms: number;
  if (types.isDate(value)) ms = value.getTime();
  else if (isTimestamp(value)) ms = value.ms + value.nanosOfMs / 1e6;
  else ms = typeof value === 'string' ? momentOf(value) : Number(amountOf(value));
  return Number.isFinite(ms) ? ms : null;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? "''" : labelOf(value);
  if (isTimestamp(value)) return value.toString();
  return labelOf(compact(value, 200).text);
}

/** The column in the form a chart needs. @param kind how to take it; default: as its values suggest */
export function chartColumn(name: string, raw: readonly unknown[], kind: ColumnKind = kindOf(name, raw)): ChartColumn {
  let rounded = 0;
  const values = raw.map((value): ChartValue => {
    if (value === null || value === undefined || typeof value === 'symbol') return null;
    if (kind === 'nominal') return textOf(value);
    if (kind === 'temporal') return timeOf(value);
    const amount = amountOf(value);
    if (amount === undefined || !Number.isFinite(amount)) return null;
    if (typeof value === 'bigint' && BigInt(amount) !== value) rounded++;
    return amount;
  });
  return { name, title: labelOf(name), kind, values, rounded };
}

/** The columns of tabular data, each taken out when a chart asks for it. */
export class ChartData {
  private readonly taken = new Map<string, ChartColumn>();

  constructor(private readonly source: RowSource) {}

  get count(): number {
    return this.source.available;
  }

  /** There were more rows than could be taken. */
  get endless(): boolean {
    return this.source.endless === true || this.source.count > this.source.available;
  }

  get names(): readonly string[] {
    return this.source.columns.map((column) => String(column.name));
  }

  /** @throws ArgumentError naming the columns there are */
  column(name: string, kind?: ColumnKind): ChartColumn {
    const key = `${kind ?? ''} ${name}`;
    const known = this.taken.get(key);
    if (known !== undefined) return known;
    const index = this.names.indexOf(name);
    // Of nothing at all, nobody knows the columns.
    if (index < 0 && this.count > 0) {
      const names = this.names.map((one) => `\`${labelOf(one)}\``).join(', ');
      throw new ArgumentError(`chart: no column \`${labelOf(name)}\``, { hint: `columns: ${names}` });
    }
    const raw: unknown[] = [];
    for (let i = 0; i < this.count && index >= 0; i++) raw.push(this.source.row(i)[index]);
    const column = chartColumn(name, raw, kind);
    this.taken.set(key, column);
    return column;
  }

  all(): ChartColumn[] {
    return this.names.map((name) => this.column(name));
  }
}
