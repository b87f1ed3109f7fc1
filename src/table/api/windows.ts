import { ArgumentError } from '../../core/errors.js';
import { type Expression, nodeOf } from './expression.js';
import type { ExpressionNode } from './node.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  DAY: 86_400_000,
  HOUR: 3_600_000,
  MINUTE: 60_000,
  SECOND: 1000,
  MILLISECOND: 1,
};

/** A length of a window: time in ms, or a number of rows. */
export interface WindowSize {
  readonly unit: 'ms' | 'rows';
  readonly value: number;
}

/** A day-time interval that was written down with constants; `undefined` for anything else. */
export function intervalMs(node: ExpressionNode): number | undefined {
  if (node.kind !== 'call' || node.function !== 'INTERVAL') return undefined;
  const [operand] = node.operands;
  const factor = UNIT_MS[String(node.options?.unit)];
  if (operand?.kind !== 'literal' || typeof operand.value !== 'number' || factor === undefined) return undefined;
  return operand.value * factor;
}

/** Reads `lit(5).seconds()`, `rowInterval(10)` or a number of milliseconds (`seconds(5)`). */
export function sizeOf(size: Expression | number, where: string): WindowSize {
  if (typeof size === 'number') return checked({ unit: 'ms', value: size }, where);
  const node = nodeOf(size);
  const ms = intervalMs(node);
  if (ms !== undefined) return checked({ unit: 'ms', value: ms }, where);
  if (node.kind === 'call' && node.function === 'ROW_INTERVAL' && node.operands[0]?.kind === 'literal') {
    return checked({ unit: 'rows', value: Number(node.operands[0].value) }, where);
  }
  throw new ArgumentError(`${where}: a size is an interval or a number of rows`, {
    hint: 'lit(5).seconds(), seconds(5), rowInterval(10)',
  });
}

function checked(size: WindowSize, where: string): WindowSize {
  if (Number.isSafeInteger(size.value) && size.value > 0) return size;
  throw new ArgumentError(`${where}: ${size.value} is no size of a window`);
}

function columnOf(time: Expression, where: string): string {
  const { node } = time;
  if (node.kind === 'column') return node.name;
  throw new ArgumentError(`${where}: a window follows a time column`, { hint: ".on(col('rowtime'))" });
}

/** A window that lacks nothing but its name. */
class Unnamed {
  constructor(
    private readonly kind: GroupWindow['kind'],
    private readonly size: WindowSize,
    private readonly slide: WindowSize | undefined,
    private readonly time: string,
  ) {}

  /** Names the window, for `groupBy` and for `start()`, `end()`. */
  as(alias: string): GroupWindow {
    return { kind: this.kind, size: this.size, slide: this.slide, time: this.time, alias };
  }
}

/** A window over groups of rows, as `table.window(...)` takes it. */
export interface GroupWindow {
  readonly kind: 'tumble' | 'slide' | 'session';
  readonly size: WindowSize;
  readonly slide: WindowSize | undefined;
  readonly time: string;
  readonly alias: string;
}

/**
 * Windows of one size, side by side.
 *
 * @example
 *   orders.window(Tumble.over(lit(5).seconds()).on(col('rowtime')).as('w')).groupBy(col('w'), col('name'))
 * @see Flink: Table API, Group Windows
 */
export const Tumble = {
  over: (size: Expression | number) => ({
    on: (time: Expression) =>
      new Unnamed('tumble', sizeOf(size, 'Tumble.over'), undefined, columnOf(time, 'Tumble.on')),
  }),
};

/** Windows of one size, a new one at every step. */
export const Slide = {
  over: (size: Expression | number) => ({
    every: (slide: Expression | number) => ({
      on: (time: Expression) =>
        new Unnamed('slide', sizeOf(size, 'Slide.over'), sizeOf(slide, 'Slide.every'), columnOf(time, 'Slide.on')),
    }),
  }),
};

/** Windows that end when nothing came for a while. */
export const Session = {
  withGap: (gap: Expression | number) => ({
    on: (time: Expression) =>
      new Unnamed('session', sizeOf(gap, 'Session.withGap'), undefined, columnOf(time, 'Session.on')),
  }),
};

/** A window of rows around each row, as `table.overWindow(...)` takes it. */
export interface OverWindow {
  readonly partitionBy: readonly ExpressionNode[];
  readonly orderBy: ExpressionNode;
  readonly preceding: ExpressionNode | undefined;
  readonly following: ExpressionNode | undefined;
  readonly alias: string;
}

class OverBuilder {
  constructor(
    private readonly partitions: readonly ExpressionNode[],
    private readonly order?: ExpressionNode,
    private readonly before?: ExpressionNode,
    private readonly after?: ExpressionNode,
  ) {}

  orderBy(time: Expression): OverBuilder {
    return new OverBuilder(this.partitions, nodeOf(time), this.before, this.after);
  }
  /** How far back: UNBOUNDED_RANGE, UNBOUNDED_ROW, an interval, or rowInterval(n). */
  preceding(bound: Expression): OverBuilder {
    return new OverBuilder(this.partitions, this.order, nodeOf(bound), this.after);
  }
  following(bound: Expression): OverBuilder {
    return new OverBuilder(this.partitions, this.order, this.before, nodeOf(bound));
  }
  as(alias: string): OverWindow {
    if (this.order === undefined) {
      throw new ArgumentError('Over: a window needs an order', {
        hint: "Over.partitionBy(...).orderBy(col('rowtime'))",
      });
    }
    const { partitions, order, before, after } = this;
    return { partitionBy: partitions, orderBy: order, preceding: before, following: after, alias };
  }
}

/** Windows of rows: what went before each row, in the order of a time column. */
export const Over = {
  partitionBy: (...columns: Expression[]) => new OverBuilder(columns.map(nodeOf)),
  orderBy: (time: Expression) => new OverBuilder([]).orderBy(time),
};
