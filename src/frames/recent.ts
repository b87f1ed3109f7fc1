import { inspect } from 'node:util';
import { ArgumentError } from '../core/errors.js';
import type {
  ArqueroTable,
  DanfoFrame,
  FrameJob,
  FrameOptions,
  FrameRows,
  Recent,
  RecentOptions,
} from '../core/frames.js';
import { Fold } from '../core/rows/index.js';
import { makeArquero } from './arquero.js';
import { makeDanfo } from './danfo.js';
import { elementColumns } from './elements.js';
import { type Gathered, ofRows } from './gather.js';

const ROWS = 1000;
const MOST_ROWS = 1_000_000;

/** What is kept of the rows that come. */
interface Kept {
  readonly size: number;
  add(row: object): void;
  rows(): object[];
}

/** The newest rows: a ring that lets the oldest go, and with `time` also those that are too old. */
class Ring implements Kept {
  private readonly items: (object | undefined)[] = [];
  private readonly times: number[] = [];
  private first = 0;
  private count = 0;

  constructor(
    private readonly most: number,
    private readonly time: number | undefined,
    private readonly now: () => number,
  ) {}

  get size(): number {
    this.expire();
    return this.count;
  }

  add(row: object): void {
    if (this.count === this.most) this.drop();
    const at = (this.first + this.count) % this.most;
    this.items[at] = row;
    if (this.time !== undefined) this.times[at] = this.now();
    this.count++;
    // So that rows that are too old do not fill the memory while nobody looks.
    this.expire();
  }

  rows(): object[] {
    this.expire();
    const rows: object[] = new Array(this.count);
    for (let i = 0; i < this.count; i++) rows[i] = this.items[(this.first + i) % this.most] as object;
    return rows;
  }

  private expire(): void {
    if (this.time === undefined) return;
    const from = this.now() - this.time;
    while (this.count > 0 && (this.times[this.first] as number) <= from) this.drop();
  }

  private drop(): void {
    this.items[this.first] = undefined;
    this.first = (this.first + 1) % this.most;
    this.count--;
  }
}

class RecentRows implements Recent {
  readonly job: FrameJob;
  seen = 0;

  constructor(
    private readonly source: FrameRows,
    private readonly kept: Kept,
  ) {
    this.job = source.start((row) => {
      this.seen++;
      kept.add(row);
    });
  }

  get size(): number {
    return this.kept.size;
  }

  async toArquero(options: FrameOptions = {}): Promise<ArqueroTable> {
    return makeArquero(this.gathered(), options);
  }

  async toDanfo(options: FrameOptions = {}): Promise<DanfoFrame> {
    return makeDanfo(this.gathered(), options);
  }

  async stop(): Promise<void> {
    await this.job.cancel();
  }

  toString(): string {
    return `the last ${this.size.toLocaleString('en')} of ${this.seen.toLocaleString('en')} rows, ${this.job.status}`;
  }
  [inspect.custom](): string {
    return `Recent (${this.toString()})`;
  }

  private gathered(): Gathered {
    if (this.job.status === 'failed') throw this.job.error;
    const { schema } = this.source;
    const rows = this.kept.rows();
    return schema === undefined ? elementColumns(rows) : ofRows(schema, rows);
  }
}

/** Begins to keep the newest rows of a stream. */
export function recentRows(source: FrameRows, options: RecentOptions): Recent {
  const { time } = options;
  const rows = options.rows ?? (time === undefined ? ROWS : MOST_ROWS);
  if (!Number.isSafeInteger(rows) || rows < 1) throw new ArgumentError(`recent: rows is ${rows}, not a count`);
  if (time !== undefined && !(time > 0)) throw new ArgumentError(`recent: time is ${time}, not a time`);
  if (source.updates && time !== undefined) {
    throw new ArgumentError('recent({ time }): the table changes rows that it gave before', {
      hint: 'recent({ rows: 1000 }) keeps the rows of the table that changed last',
    });
  }
  return new RecentRows(source, source.updates ? new Fold(rows) : new Ring(rows, time, () => source.now()));
}
