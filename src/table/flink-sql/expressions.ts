import { builtinScalar } from '../functions/registry.js';
import type { Rel } from '../plan/rel.js';
import type { CorrelatedRef, OverBound, OverFrame, Rex, RexOver, RexSubquery } from '../plan/rex.js';
import { quoteIdentifier } from '../sql/unparse/index.js';
import { callText } from './calls.js';
import type { FlinkSqlContext } from './context.js';
import { valueText } from './literals.js';

/** Where the columns of an expression are. */
export interface Scope {
  /** The text of each column of the row at hand. */
  readonly columns: readonly string[];
  /** The same of rows outside, by the id that correlated references have. */
  readonly outer: ReadonlyMap<number, readonly string[]>;
}

/** What expressions ask of those who write queries. */
export interface QueryWriter {
  readonly context: FlinkSqlContext;
  query(rel: Rel, outer: Scope['outer']): string;
}

/** An expression of a plan as Flink SQL. */
export function expressionText(rex: Rex, scope: Scope, writer: QueryWriter): string {
  const inner = (one: Rex): string => expressionText(one, scope, writer);
  switch (rex.kind) {
    case 'input':
      return scope.columns[rex.index] as string;
    case 'literal':
      return valueText(rex.value, rex.type);
    case 'correlated':
      return correlatedText(rex, scope);
    case 'field': {
      const { operand } = rex;
      const plain = operand.kind === 'input' || operand.kind === 'field' || operand.kind === 'correlated';
      return `${plain ? inner(operand) : `(${inner(operand)})`}.${quoteIdentifier(rex.name)}`;
    }
    case 'call': {
      const operands = rex.operands.map(inner);
      if (builtinScalar(rex.function) !== undefined) return callText(rex, operands);
      const types = rex.operands.map(({ type }) => type);
      return writer.context.userCall(rex, operands, types);
    }
    case 'over':
      return overText(rex, inner);
    case 'subquery':
      return subqueryText(rex, scope, writer, inner);
  }
}

function correlatedText({ id, index, name }: CorrelatedRef, { outer }: Scope): string {
  const text = outer.get(id)?.[index];
  if (text === undefined) throw new Error(`no row outside with the column ${name}`);
  return text;
}

function subqueryText(rex: RexSubquery, scope: Scope, writer: QueryWriter, inner: (rex: Rex) => string): string {
  const outer =
    rex.correlation === undefined ? scope.outer : new Map([...scope.outer, [rex.correlation, scope.columns]]);
  const query = `(${writer.query(rex.rel, outer)})`;
  const operands = rex.operands.map(inner);
  const left = operands.length === 1 ? operands[0] : `(${operands.join(', ')})`;
  switch (rex.form) {
    case 'scalar':
      return query;
    case 'exists':
      return `EXISTS ${query}`;
    case 'in':
      return `(${left} IN ${query})`;
    default:
      return `(${left} ${rex.operator} ${rex.form.toUpperCase()} ${query})`;
  }
}

function overText(rex: RexOver, inner: (rex: Rex) => string): string {
  const { function: name, operands, distinct, ignoreNulls, partitionBy, orderBy, frame } = rex;
  const parts: string[] = [];
  if (partitionBy.length > 0) parts.push(`PARTITION BY ${partitionBy.map(inner).join(', ')}`);
  if (orderBy.length > 0) {
    const keys = orderBy.map(
      ({ expression, descending, nullsFirst }) => inner(expression) + direction(descending, nullsFirst),
    );
    parts.push(`ORDER BY ${keys.join(', ')}`);
  }
  if (takesFrame(name)) parts.push(frameText(frame));
  const taken = operands.length === 0 && name === 'COUNT' ? '*' : operands.map(inner).join(', ');
  const nulls = ignoreNulls ? ' IGNORE NULLS' : '';
  return `${name}(${distinct ? 'DISTINCT ' : ''}${taken})${nulls} OVER (${parts.join(' ')})`;
}

/** Ranks and their kin look at the whole partition. */
const takesFrame = (name: string): boolean =>
  !/^(ROW_NUMBER|RANK|DENSE_RANK|PERCENT_RANK|CUME_DIST|NTILE|LAG|LEAD)$/.test(name);

function frameText({ unit, start, end }: OverFrame): string {
  return `${unit} BETWEEN ${boundText(start)} AND ${boundText(end)}`;
}

function boundText(bound: OverBound): string {
  if (!('distance' in bound)) return bound.bound;
  const { value, type } = bound.distance;
  const distance = type.root.startsWith('INTERVAL') ? valueText(value, type) : String(value);
  return `${distance} ${bound.bound}`;
}

/** ` DESC NULLS FIRST`; nothing where it is what Flink does unasked: NULL is the least of all. */
export function direction(descending: boolean, nullsFirst: boolean): string {
  const nulls = nullsFirst === !descending ? '' : ` NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
  return `${descending ? ' DESC' : ''}${nulls}`;
}
