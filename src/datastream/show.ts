import { display, type TableData } from '../core/display.js';
import { ArgumentError } from '../core/errors.js';
import { keyIdOf } from '../core/keys.js';
import { checkOptions, type OptionNames } from '../core/option-names.js';
import { ForEachOperator } from '../engine/operators/sink.js';
import type { DataStream } from './data-stream.js';
import { keyFunction } from './selectors.js';
import type { Field } from './types.js';

/** What `show` shows of a stream. */
export interface ShowStreamOptions<T> {
  /** How many rows. Default 20. */
  readonly top?: number;
  /** The field to sort by, largest first. Default: as they came. */
  readonly by?: Field<T> | ((value: T) => unknown);
  /**
   * What makes a later element a new version of an earlier one, which it replaces: a field or a function. Known by itself
   * after a rolling `sum`, `reduce` and so on; otherwise every element is a row of its own.
   */
  readonly key?: Field<T> | ((value: T) => unknown);
}

const NAMES: OptionNames<ShowStreamOptions<unknown>> = { top: true, by: true, key: true };

/** At most ten pictures a second. */
const REDRAW_MS = 100;
const ROWS = 20;

/** Runs a stream and keeps one table of it up to date. */
export async function showStream<T>(stream: DataStream<T>, options: ShowStreamOptions<T>): Promise<void> {
  const view = new StreamView<T>(stream, options);
  const node = stream.env.addNode({
    name: 'Show',
    inputs: [{ edges: stream.edges({ kind: 'global' }) }],
    createOperator: () => new ForEachOperator<unknown>((value) => view.add(value as T), 'Show'),
    single: true,
  });
  const job = stream.env.start('Show', [node]);
  view.draw('running');
  const timer = setInterval(() => view.redraw(), REDRAW_MS);
  try {
    const { status } = await job.wait();
    view.draw(status, true);
  } catch (error) {
    view.draw('failed', true);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

class StreamView<T> {
  private readonly keyOf: ((value: unknown) => unknown) | undefined;
  private readonly sortBy: ((value: unknown) => unknown) | undefined;
  private readonly top: number;
  private readonly byKey = new Map<unknown, T>();
  private last: T[] = [];
  private count = 0;
  private drawn = -1;
  private slot: ReturnType<ReturnType<typeof display>['open']> | undefined;
  private readonly layout: { fixedRows: number; status?: string };

  constructor(stream: DataStream<T>, options: ShowStreamOptions<T>) {
    checkOptions('show', options, NAMES);
    this.top = options.top ?? ROWS;
    if (!Number.isInteger(this.top) || this.top < 1) throw new ArgumentError(`show: top is ${this.top}, not a count`);
    this.keyOf = options.key === undefined ? stream.upsertKey : keyFunction('show', options.key);
    this.sortBy = options.by === undefined ? undefined : keyFunction('show', options.by);
    this.layout = { fixedRows: this.top };
  }

  add(value: T): void {
    this.count++;
    if (this.keyOf !== undefined) {
      this.byKey.set(keyIdOf(this.keyOf(value)), value);
    } else if (this.sortBy === undefined) {
      this.last.push(value);
      if (this.last.length > 2 * this.top) this.last = this.last.slice(-this.top);
    } else {
      this.last.push(value);
      if (this.last.length > Math.max(1000, 4 * this.top)) this.last = this.sorted(this.last).slice(0, this.top);
    }
  }

  redraw(): void {
    if (this.drawn !== this.count) this.draw('running');
  }

  /** @param last what stays is as high as what it holds: nothing below it has to keep its place any more */
  draw(status: string, last = false): void {
    this.drawn = this.count;
    const keyed = this.keyOf !== undefined;
    const noun = keyed ? `${this.byKey.size.toLocaleString('en')} keys, ` : '';
    this.layout.status = `${noun}${this.count.toLocaleString('en')} records, ${status}`;
    const data = this.data();
    if (last) this.layout.fixedRows = Math.max(1, data.rows.length);
    const bundle = display().table(data, this.layout);
    if (this.slot === undefined) this.slot = display().open(bundle);
    else this.slot.update(bundle, last);
  }

  private data(): TableData {
    const all = this.keyOf === undefined ? this.last : [...this.byKey.values()];
    const rows =
      this.sortBy === undefined && this.keyOf === undefined
        ? all.slice(-this.top)
        : this.sorted(all).slice(0, this.top);
    return tableOf(rows);
  }

  private sorted(values: readonly T[]): T[] {
    const { sortBy } = this;
    if (sortBy === undefined) return [...values];
    const key = (value: T): number | string => sortBy(value) as number | string;
    return [...values].sort((a, b) => (key(a) < key(b) ? 1 : key(a) > key(b) ? -1 : 0));
  }
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

// What an object says of itself (a Kafka message leaves out its raw record).
function shown(value: unknown): unknown {
  const own = (value as { [INSPECT]?: () => unknown } | null | undefined)?.[INSPECT];
  return typeof value === 'object' && typeof own === 'function' ? own.call(value) : value;
}

function tableOf(all: readonly unknown[]): TableData {
  const values = all.map(shown);
  const names = new Set<string>();
  let plain = false;
  for (const value of values) {
    if (typeof value === 'object' && value !== null) for (const name of Object.keys(value)) names.add(name);
    else plain = true;
  }
  if (plain) names.add('value');
  const columns = [...names];
  const cell = (value: unknown, name: string): unknown =>
    typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)[name]
      : name === 'value'
        ? value
        : undefined;
  return {
    columns: columns.map((name) => ({ name })),
    rows: values.map((value) => columns.map((name) => cell(value, name))),
  };
}
