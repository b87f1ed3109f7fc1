import type { SessionRow } from './session.js';

type Values = readonly (string | null)[];

/** What a view shows of a query's changes. */
export interface ResultModel {
  /** What a line of it is. */
  readonly noun: 'row' | 'change';
  /** Changes that came. */
  readonly seen: number;
  /** Rows that can be shown. */
  readonly size: number;
  add(row: SessionRow): void;
  /** From the first kept row on. */
  slice(from: number, count: number): readonly Values[];
}

function idOf(values: Values): string {
  return JSON.stringify(values);
}

/** The table that changes build: an updated row stays where it was. */
export class TableModel implements ResultModel {
  readonly noun = 'row';
  seen = 0;
  private readonly rows = new Map<number, Values>();
  private readonly places = new Map<string, number[]>();
  private next = 0;
  /** Where the row stood that an update has just taken back. */
  private vacant: number | undefined;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.rows.size;
  }

  add({ op, values }: SessionRow): void {
    this.seen++;
    const place = this.vacant;
    this.vacant = undefined;
    if (place !== undefined && op !== '+U') this.rows.delete(place);
    if (op === '-D' || op === '-U') {
      const from = this.takePlace(idOf(values));
      if (from === undefined) return;
      if (op === '-U') this.vacant = from;
      else this.rows.delete(from);
      return;
    }
    const at = op === '+U' && place !== undefined ? place : this.next++;
    this.rows.set(at, values);
    const id = idOf(values);
    const same = this.places.get(id);
    if (same === undefined) this.places.set(id, [at]);
    else same.push(at);
    if (this.rows.size > this.most) this.forgetOldest();
  }

  slice(from: number, count: number): Values[] {
    const made: Values[] = [];
    let i = 0;
    for (const values of this.rows.values()) {
      if (i >= from + count) break;
      if (i++ >= from) made.push(values);
    }
    return made;
  }

  private takePlace(id: string): number | undefined {
    const same = this.places.get(id);
    const place = same?.pop();
    if (same?.length === 0) this.places.delete(id);
    return place;
  }

  private forgetOldest(): void {
    const [[place, values] = []] = this.rows;
    if (place === undefined || values === undefined) return;
    this.rows.delete(place);
    const id = idOf(values);
    const left = this.places.get(id)?.filter((one) => one !== place) ?? [];
    if (left.length === 0) this.places.delete(id);
    else this.places.set(id, left);
  }
}

/** The changes themselves, the newest ones. */
export class ChangelogModel implements ResultModel {
  readonly noun = 'change';
  seen = 0;
  private kept: Values[] = [];

  constructor(private readonly most: number) {}

  get size(): number {
    return Math.min(this.kept.length, this.most);
  }

  add({ op, values }: SessionRow): void {
    this.seen++;
    this.kept.push([op, ...values]);
    if (this.kept.length >= 2 * this.most) this.kept = this.kept.slice(-this.most);
  }

  slice(from: number, count: number): Values[] {
    const begin = this.kept.length - this.size + from;
    return this.kept.slice(begin, begin + count);
  }
}
