import { ArgumentError, StreambookError } from '../../core/errors.js';
import type { AnyType, LogicalType } from '../../core/types/index.js';
import { isTimestamp, type Timestamp } from '../../core/values/index.js';
import type { ExpressionNode } from './node.js';
import { TextAndTime, type TimeUnit } from './text-and-time.js';
import { built } from './tracing.js';
import type { Bool, Either, NullOf, TypeOf } from './types.js';

/** What stands for a value where an expression is asked for. */
export type LiteralValue = number | bigint | string | boolean | null | Timestamp | Date;
/** An expression, or a value that becomes a constant. */
export type Operand = Expression | LiteralValue;

type RootOf<T> = T extends { readonly root: infer R } ? R : unknown;
/** The type of a sum, a difference, a product: DOUBLE wins. */
type Arithmetic<A extends AnyType, O> =
  RootOf<A> extends 'DOUBLE'
    ? LogicalType<'DOUBLE', Either<A, TypeOf<O>>>
    : O extends Expression<infer B>
      ? RootOf<B> extends 'DOUBLE'
        ? LogicalType<'DOUBLE', Either<A, B>>
        : AnyType
      : AnyType;

/** A literal as a node. */
export function nodeOf(operand: unknown): ExpressionNode {
  if (operand instanceof Expression) return operand.node;
  if (
    operand === null ||
    typeof operand === 'number' ||
    typeof operand === 'bigint' ||
    typeof operand === 'string' ||
    typeof operand === 'boolean' ||
    operand instanceof Date ||
    isTimestamp(operand)
  ) {
    return { kind: 'literal', value: operand };
  }
  const shown = operand === undefined ? 'undefined' : `a ${typeof operand}`;
  throw new ArgumentError(`${shown} is no expression`, {
    hint: "columns come from the callback's argument (`(o) => o.price`) or from col('price'), constants are plain values or lit(...)",
  });
}

/** Builds a call; the way all methods go. */
export function callNode<T extends AnyType>(
  name: string,
  operands: readonly unknown[],
  options?: Readonly<Record<string, unknown>>,
): Expression<T> {
  const nodes = operands.map(nodeOf);
  const node: ExpressionNode =
    options === undefined
      ? { kind: 'call', function: name, operands: nodes }
      : { kind: 'call', function: name, operands: nodes, options };
  built(node, nodes, `${name}(...)`);
  return new Expression(node);
}

function wrap<T extends AnyType>(node: ExpressionNode, operand: ExpressionNode, name: string): Expression<T> {
  built(node, [operand], name);
  return new Expression(node);
}

/**
 * A column, a constant, or something computed from them: it is written down now and computed later, for every row.
 * Method names are those of Flink's Java Table API.
 *
 * @example
 *   orders.filter((o) => o.price.isGreaterOrEqual(5000)).select((o) => ({ name: o.name, fee: o.price.times(0.01) }));
 * @see Flink: System (Built-in) Functions, Table API
 */
export class Expression<T extends AnyType = AnyType> extends TextAndTime<T> {
  /** Never present: carries the type for the compiler. */
  declare readonly type?: T;

  /** @internal use columns, `col`, `lit` */
  constructor(readonly node: ExpressionNode) {
    super();
  }

  protected override call<R extends AnyType>(
    name: string,
    operands: readonly unknown[],
    options?: Readonly<Record<string, unknown>>,
  ): Expression<R> {
    return callNode(name, operands, options);
  }

  /** Expressions are no values: `a + b`, `a > b` and `${a}` cannot work. */
  [Symbol.toPrimitive](): never {
    throw new StreambookError('expression-as-value', 'a column is no value: it has none until rows come', {
      hint: 'write a.plus(b), a.isGreater(b), concat(a, b) instead of a + b, a > b and templates',
    });
  }

  // ---- names, types
  /** Gives the result a name; the columns of a table function get one each. */
  as(name: string, ...more: string[]): Expression<T> {
    const further = more.length === 0 ? {} : { more };
    return wrap({ kind: 'alias', operand: this.node, name, ...further }, this.node, `as('${name}')`);
  }
  /** Another type; what cannot be converted fails. */
  cast<C extends AnyType>(type: C): Expression<C> {
    return wrap({ kind: 'cast', operand: this.node, type, tries: false }, this.node, 'cast(...)');
  }
  /** Another type; what cannot be converted is NULL. */
  tryCast<C extends AnyType>(type: C): Expression<C> {
    return wrap({ kind: 'cast', operand: this.node, type, tries: true }, this.node, 'tryCast(...)');
  }

  // ---- comparison
  isEqual<O extends Operand>(other: O): Expression<Bool<T, TypeOf<O>>> {
    return callNode('=', [this, other]);
  }
  isNotEqual<O extends Operand>(other: O): Expression<Bool<T, TypeOf<O>>> {
    return callNode('<>', [this, other]);
  }
  isGreater<O extends Operand>(other: O): Expression<Bool<T, TypeOf<O>>> {
    return callNode('>', [this, other]);
  }
  isGreaterOrEqual<O extends Operand>(other: O): Expression<Bool<T, TypeOf<O>>> {
    return callNode('>=', [this, other]);
  }
  isLess<O extends Operand>(other: O): Expression<Bool<T, TypeOf<O>>> {
    return callNode('<', [this, other]);
  }
  isLessOrEqual<O extends Operand>(other: O): Expression<Bool<T, TypeOf<O>>> {
    return callNode('<=', [this, other]);
  }
  /** Both ends included. */
  between(low: Operand, high: Operand): Expression<Bool<T>> {
    return callNode('BETWEEN', [this, low, high]);
  }
  notBetween(low: Operand, high: Operand): Expression<Bool<T>> {
    return callNode('NOT', [callNode('BETWEEN', [this, low, high])]);
  }
  in(...values: Operand[]): Expression<Bool<T>> {
    return callNode('IN', [this, ...values]);
  }
  isNull(): Expression<LogicalType<'BOOLEAN', 'not null'>> {
    return callNode('IS NULL', [this]);
  }
  isNotNull(): Expression<LogicalType<'BOOLEAN', 'not null'>> {
    return callNode('IS NOT NULL', [this]);
  }
  isTrue(): Expression<LogicalType<'BOOLEAN', 'not null'>> {
    return callNode('IS TRUE', [this]);
  }
  isFalse(): Expression<LogicalType<'BOOLEAN', 'not null'>> {
    return callNode('IS FALSE', [this]);
  }
  isNotTrue(): Expression<LogicalType<'BOOLEAN', 'not null'>> {
    return callNode('IS NOT TRUE', [this]);
  }
  isNotFalse(): Expression<LogicalType<'BOOLEAN', 'not null'>> {
    return callNode('IS NOT FALSE', [this]);
  }
  like(pattern: Operand): Expression<Bool<T>> {
    return callNode('LIKE', [this, pattern]);
  }
  similar(pattern: Operand): Expression<Bool<T>> {
    return callNode('SIMILAR TO', [this, pattern]);
  }

  // ---- logic
  and(...others: Operand[]): Expression<Bool<T>> {
    return others.reduce<Expression>((left, right) => callNode('AND', [left, right]), this) as Expression<Bool<T>>;
  }
  or(...others: Operand[]): Expression<Bool<T>> {
    return others.reduce<Expression>((left, right) => callNode('OR', [left, right]), this) as Expression<Bool<T>>;
  }
  not(): Expression<Bool<T>> {
    return callNode('NOT', [this]);
  }
  /** This one if the condition is TRUE. */
  // biome-ignore lint/suspicious/noThenProperty: the name Flink gives it; an expression is never awaited
  then<A extends Operand>(ifTrue: A, ifFalse: Operand): Expression {
    if (typeof ifTrue === 'function') throw new ArgumentError('an expression is nothing to wait for: leave out await');
    return callNode('IF', [this, ifTrue, ifFalse]);
  }
  /** `other` where this is NULL. */
  ifNull(other: Operand): Expression {
    return callNode('IFNULL', [this, other]);
  }

  // ---- arithmetic
  plus<O extends Operand>(other: O): Expression<Arithmetic<T, O>> {
    return callNode('+', [this, other]);
  }
  minus<O extends Operand>(other: O): Expression<Arithmetic<T, O>> {
    return callNode('-', [this, other]);
  }
  times<O extends Operand>(other: O): Expression<Arithmetic<T, O>> {
    return callNode('*', [this, other]);
  }
  dividedBy<O extends Operand>(other: O): Expression<Arithmetic<T, O>> {
    return callNode('/', [this, other]);
  }
  mod(other: Operand): Expression {
    return callNode('MOD', [this, other]);
  }
  abs(): Expression<T> {
    return callNode('ABS', [this]);
  }
  negative(): Expression<T> {
    return callNode('-/1', [this]);
  }
  sqrt(): Expression<LogicalType<'DOUBLE', NullOf<T>>> {
    return callNode('SQRT', [this]);
  }
  exp(): Expression<LogicalType<'DOUBLE', NullOf<T>>> {
    return callNode('EXP', [this]);
  }
  ln(): Expression<LogicalType<'DOUBLE', NullOf<T>>> {
    return callNode('LN', [this]);
  }
  log10(): Expression<LogicalType<'DOUBLE', NullOf<T>>> {
    return callNode('LOG10', [this]);
  }
  log2(): Expression<LogicalType<'DOUBLE', NullOf<T>>> {
    return callNode('LOG2', [this]);
  }
  power(exponent: Operand): Expression<LogicalType<'DOUBLE', NullOf<T>>> {
    return callNode('POWER', [this, exponent]);
  }
  round(places: Operand = 0): Expression<T> {
    return callNode('ROUND', [this, places]);
  }
  truncate(places: Operand = 0): Expression<T> {
    return callNode('TRUNCATE', [this, places]);
  }
  sign(): Expression<T> {
    return callNode('SIGN', [this]);
  }
  /** Down to a whole number, or to the beginning of a unit of time. */
  floor(unit?: TimeUnit): Expression<T> {
    return callNode('FLOOR', [this], unit === undefined ? undefined : { unit });
  }
  /** Up to a whole number, or to the next beginning of a unit of time. */
  ceil(unit?: TimeUnit): Expression<T> {
    return callNode('CEIL', [this], unit === undefined ? undefined : { unit });
  }

  // ---- arrays, maps, rows
  /** An element of an array (from 1), or the value of a key in a map. */
  at(index: Operand): Expression {
    return callNode('ITEM', [this, index]);
  }
  /** A field of a row, by name or by position from 0. */
  get(field: string | number): Expression {
    return wrap({ kind: 'field', operand: this.node, field }, this.node, `get(${field})`);
  }
  cardinality(): Expression<LogicalType<'INT', NullOf<T>>> {
    return callNode('CARDINALITY', [this]);
  }
  /** The one element of an array. */
  element(): Expression {
    return callNode('ELEMENT', [this]);
  }

  // ---- aggregates
  count(): Expression<LogicalType<'BIGINT', 'not null'>> {
    return this.aggregated('COUNT');
  }
  sum(): Expression<T> {
    return this.aggregated('SUM');
  }
  /** As `sum`, but 0 where there is nothing. */
  sum0(): Expression<T> {
    return this.aggregated('$SUM0');
  }
  avg(): Expression<T> {
    return this.aggregated('AVG');
  }
  min(): Expression<T> {
    return this.aggregated('MIN');
  }
  max(): Expression<T> {
    return this.aggregated('MAX');
  }
  stddevPop(): Expression<T> {
    return this.aggregated('STDDEV_POP');
  }
  stddevSamp(): Expression<T> {
    return this.aggregated('STDDEV_SAMP');
  }
  varPop(): Expression<T> {
    return this.aggregated('VAR_POP');
  }
  varSamp(): Expression<T> {
    return this.aggregated('VAR_SAMP');
  }
  firstValue(): Expression<T> {
    return this.aggregated('FIRST_VALUE');
  }
  lastValue(): Expression<T> {
    return this.aggregated('LAST_VALUE');
  }
  listAgg(separator: string = ','): Expression<LogicalType<'VARCHAR', 'nullable'>> {
    return this.aggregated('LISTAGG', [separator]);
  }
  collect(): Expression {
    return this.aggregated('COLLECT');
  }
  arrayAgg(): Expression {
    return this.aggregated('ARRAY_AGG');
  }
  /** Of an aggregate: each value counts once. */
  distinct(): Expression<T> {
    const { node } = this;
    if (node.kind !== 'aggregate') {
      throw new ArgumentError('distinct() follows an aggregate', { hint: 'o.name.count().distinct()' });
    }
    return wrap({ ...node, distinct: true }, node, 'distinct()');
  }
  /** An aggregate over a window of rows that `overWindow` defined. */
  over(window: string | Expression): Expression<T> {
    const name = windowName(window);
    return wrap({ kind: 'over', aggregate: this.node, window: name }, this.node, `over(${name})`);
  }

  // ---- windows and order
  /** Of a window: its beginning. */
  start(): Expression<LogicalType<'TIMESTAMP', 'not null'>> {
    return this.property('start');
  }
  /** Of a window: its end, not included. */
  end(): Expression<LogicalType<'TIMESTAMP', 'not null'>> {
    return this.property('end');
  }
  /** Of a window: its last millisecond, as a time attribute for further windows. */
  rowtime(): Expression<LogicalType<'TIMESTAMP', 'nullable'>> {
    return this.property('rowtime');
  }
  proctime(): Expression<LogicalType<'TIMESTAMP_LTZ', 'not null'>> {
    return this.property('proctime');
  }
  asc(): Expression<T> {
    return wrap({ kind: 'order', operand: this.node, descending: false }, this.node, 'asc()');
  }
  desc(): Expression<T> {
    return wrap({ kind: 'order', operand: this.node, descending: true }, this.node, 'desc()');
  }

  private aggregated<A extends AnyType>(name: string, more: readonly unknown[] = []): Expression<A> {
    const operands = [this.node, ...more.map(nodeOf)];
    const node: ExpressionNode = { kind: 'aggregate', function: name, operands, distinct: false };
    built(node, operands, `${name}(...)`);
    return new Expression(node);
  }

  private property<A extends AnyType>(property: 'start' | 'end' | 'rowtime' | 'proctime'): Expression<A> {
    return wrap({ kind: 'windowProperty', window: windowName(this), property }, this.node, `${property}()`);
  }
}

function windowName(window: string | Expression): string {
  if (typeof window === 'string') return window;
  if (window.node.kind === 'column') return window.node.name;
  throw new ArgumentError('a window is named by its alias', {
    hint: "Tumble.over(...).on(...).as('w'), then w.start()",
  });
}
