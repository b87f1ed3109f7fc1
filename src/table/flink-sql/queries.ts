import { rowClassOf } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import { rexKey } from '../binder/rex-tools.js';
import { tableRel } from '../binder/tables.js';
import { pathText } from '../catalog/index.js';
import { type PlanField, planSchema } from '../plan/field.js';
import { originOf } from '../plan/origin.js';
import type {
  Aggregate,
  Correlate,
  GroupWindowAggregate,
  InlineScan,
  Join,
  Rel,
  Scan,
  Sort,
  TableFunctionScan,
  Values,
} from '../plan/rel.js';
import type { AggregateCall, Rex, RexCall } from '../plan/rex.js';
import { hasExpression } from '../plan/visit-rel.js';
import { quoteIdentifier as q, quoteText } from '../sql/unparse/index.js';
import { aggregateText } from './aggregates.js';
import { collectionQuery, literalRows, valuesQuery } from './collections.js';
import type { FlinkSqlContext } from './context.js';
import { direction, expressionText, type Scope } from './expressions.js';
import { functionColumns } from './functions/call.js';
import { NotInFlinkSqlError } from './refusal.js';
import { groupWindow, windowFunction } from './windows.js';

type Outer = Scope['outer'];
const NONE: Outer = new Map();

/** What stands after FROM, and how its columns are called there. */
interface Source {
  readonly text: string;
  readonly columns: readonly string[];
  readonly where?: string;
}

/**
 * A logical plan as a query of Flink SQL that gives the same columns. What was written as SQL stays as it was written.
 *
 * @throws NotInFlinkSqlError for what only this process has
 */
export function flinkQueryText(rel: Rel, context: FlinkSqlContext): string {
  return new QueryTexts(context).query(rel, NONE);
}

class QueryTexts {
  private aliases = 0;

  constructor(readonly context: FlinkSqlContext) {}

  /** A whole query, with the names of the plan's columns. */
  query(rel: Rel, outer: Outer): string {
    const origin = originOf(rel);
    if (origin !== undefined && this.asWritten(rel)) return origin.sql;
    switch (rel.kind) {
      case 'project': {
        // An order below a projection would be lost with the subquery.
        const sorted = rel.input.kind === 'sort' && !this.asWritten(rel.input) ? rel.input : undefined;
        const source = this.source(sorted?.input ?? rel.input, outer);
        const scope = { columns: source.columns, outer };
        const items = rel.expressions.map((rex, i) => named(this.expression(rex, scope), nameOf(rel, i)));
        return select(items, source, sorted === undefined ? '' : orderText(sorted, source));
      }
      case 'aggregate':
        return this.aggregate(rel, outer);
      case 'groupWindowAggregate':
        return this.groupWindow(rel, outer);
      case 'setOperation': {
        const word = `${rel.operator}${rel.all ? ' ALL' : ''}`;
        const sides = rel.inputs.map((input) => `(${this.query(input, outer)})`).join(` ${word} `);
        return this.renamed(sides, rel.inputs[0] as Rel, rel.fields);
      }
      case 'sort': {
        const source = this.source(rel.input, outer);
        return this.all(rel, source, orderText(rel, source));
      }
      case 'values':
        return this.values(rel, outer);
      case 'match':
        throw new NotInFlinkSqlError('MATCH_RECOGNIZE that calls a function of your own', 'write the function as SQL');
      case 'overAggregate':
      case 'rank':
        throw new NotInFlinkSqlError(`the step ${rel.kind}`);
      case 'tableFunction':
        return `SELECT * FROM ${this.tableFunction(rel, rel.fields, outer).text}`;
      default: {
        return this.all(rel, this.source(rel, outer));
      }
    }
  }

  /** A step as something to read from; filters right above it as a condition. */
  private source(rel: Rel, outer: Outer): Source {
    if (this.asWritten(rel)) return this.nested(rel, outer);
    switch (rel.kind) {
      case 'filter': {
        const below = this.source(rel.input, outer);
        const condition = this.expression(rel.condition, { columns: below.columns, outer });
        return { ...below, where: below.where === undefined ? condition : `${below.where} AND ${condition}` };
      }
      case 'join':
        return this.join(rel, outer);
      case 'correlate':
        return this.correlate(rel, outer);
      case 'windowTvf': {
        const alias = this.alias();
        const text = `TABLE(${windowFunction(rel.window, this.tableArgument(rel.input, outer), rel.input.fields)})`;
        return { text: `${text} AS ${alias}`, columns: qualified(alias, rel.fields) };
      }
      default:
        return this.table(rel) ?? this.nested(rel, outer);
    }
  }

  /** Something to read from that has no condition of its own, as the sides of joins need it. */
  private side(rel: Rel, outer: Outer): Source {
    const source = this.source(rel, outer);
    return source.where === undefined ? source : this.nested(rel, outer);
  }

  private nested(rel: Rel, outer: Outer): Source {
    const alias = this.alias();
    return { text: `(${this.query(rel, outer)}\n) AS ${alias}`, columns: qualified(alias, rel.fields) };
  }

  private alias(): string {
    return `t${this.aliases++}`;
  }

  expression(rex: Rex, scope: Scope): string {
    return expressionText(rex, scope, this);
  }

  // ---- tables
  /** A table of the catalog, read with all of its columns; `undefined` when the step is something else. */
  private table(rel: Rel): Source | undefined {
    const name = this.tableName(rel);
    if (name !== undefined) {
      const alias = this.alias();
      return { text: `${name} AS ${alias}`, columns: qualified(alias, rel.fields) };
    }
    if (rel.kind === 'inlineScan') {
      const alias = this.alias();
      return { text: `(${this.rows(rel)}) AS ${alias}`, columns: qualified(alias, rel.fields) };
    }
    if (rel.kind === 'watermark') {
      throw new NotInFlinkSqlError('a watermark over rows that are only in this process', OUT_OF_PROCESS);
    }
    if (rel.kind === 'scan') throw new NotInFlinkSqlError(`the table ${pathText(rel.table)} as it was planned`);
    return undefined;
  }

  private tableName(rel: Rel): string | undefined {
    const scan = scanBelow(rel);
    if (scan === undefined) return undefined;
    const found = this.context.catalog.find(scan.table);
    if (found?.kind !== 'table' || relKey(tableRel(found, scan.options)) !== relKey(rel)) return undefined;
    const name = scan.table.map(q).join('.');
    if (scan.options === undefined) return name;
    const options = Object.entries(scan.options).map(([key, value]) => `${quoteText(key)}=${quoteText(value)}`);
    return `${name} /*+ OPTIONS(${options.join(', ')}) */`;
  }

  /** What TUMBLE and its kin take. */
  private tableArgument(rel: Rel, outer: Outer): string {
    const name = this.tableName(rel);
    return name === undefined ? `(${this.query(rel, outer)})` : `TABLE ${name}`;
  }

  private rows(scan: InlineScan): string {
    const rows = this.context.rowsOf(scan);
    if (rows === undefined) throw new NotInFlinkSqlError('a DataStream, which lives in this process,', OUT_OF_PROCESS);
    const { fields } = scan;
    const values = rowClassOf(planSchema(fields)).values;
    return collectionQuery(scan.name, rows.map(values), fields, this.context.timeZone);
  }

  private values({ rows, fields }: Values, outer: Outer): string {
    const known = literalRows(rows, fields);
    if (known !== undefined) return collectionQuery('VALUES', known, fields, this.context.timeZone);
    const scope = { columns: [], outer };
    return valuesQuery(
      rows.map((row) => row.map((rex) => this.expression(rex, scope))),
      fields,
    );
  }

  // ---- groups
  private aggregate(rel: Aggregate, outer: Outer): string {
    const { columns, fields, from } = this.groupInput(rel.input, rel.groups, rel.calls, outer);
    const groups = rel.groups.map((index) => columns[index] as string);
    const calls = rel.calls.map(
      (call) => this.groupingText(call, rel, columns) ?? aggregateText(call, columns, fields, this.context),
    );
    const items = [...groups, ...calls].map((text, i) => named(text, (rel.fields[i] as PlanField).name));
    const sets = rel.sets?.map((set) => `(${set.map((i) => groups[i]).join(', ')})`);
    const by = sets === undefined ? groups.join(', ') : `GROUPING SETS (${sets.join(', ')})`;
    return `SELECT ${items.join(', ')} FROM ${from}${by === '' ? '' : ` GROUP BY ${by}`}`;
  }

  private groupingText(
    { function: name, operands }: AggregateCall,
    rel: Aggregate,
    columns: readonly string[],
  ): string | undefined {
    if (!/^(GROUPING|GROUPING_ID|GROUP_ID)$/.test(name)) return undefined;
    return `${name}(${operands.map((index) => columns[rel.groups.includes(index) ? index : (rel.groups[index] ?? index)]).join(', ')})`;
  }

  private groupWindow(rel: GroupWindowAggregate, outer: Outer): string {
    const { columns, fields, from } = this.groupInput(rel.input, [...rel.groups, rel.window.time], rel.calls, outer);
    const groups = rel.groups.map((index) => columns[index] as string);
    const window = groupWindow(rel.window, columns[rel.window.time] as string);
    const items = [
      ...groups,
      ...rel.calls.map((call) => aggregateText(call, columns, fields, this.context)),
      ...rel.properties.map((property) => window.property(property)),
    ].map((text, i) => named(text, (rel.fields[i] as PlanField).name));
    return `SELECT ${items.join(', ')} FROM ${from} GROUP BY ${[...groups, window.call].join(', ')}`;
  }

  /** The input of groups: a projection right below is written where its columns are used. */
  private groupInput(
    input: Rel,
    groups: readonly number[],
    calls: readonly AggregateCall[],
    outer: Outer,
  ): { readonly from: string; readonly columns: readonly string[]; readonly fields: readonly PlanField[] } {
    if (!this.asWritten(input) && input.kind === 'project' && mayMerge(input.expressions, groups, calls)) {
      const source = this.source(input.input, outer);
      const scope = { columns: source.columns, outer };
      const columns = input.expressions.map((rex) => this.expression(rex, scope));
      return { from: source.text + where(source), columns, fields: input.fields };
    }
    const source = this.source(input, outer);
    return { from: source.text + where(source), columns: source.columns, fields: input.fields };
  }

  // ---- joins
  private join(rel: Join, outer: Outer): Source {
    const left = this.side(rel.left, outer);
    const right =
      rel.right.kind === 'snapshot'
        ? this.snapshot(rel.right.input, this.period(rel.right.period, left.columns, outer))
        : this.side(rel.right, outer);
    const columns = [...left.columns, ...right.columns];
    if (rel.type === 'semi' || rel.type === 'anti') throw new NotInFlinkSqlError(`the step ${rel.type} join`);
    const always = rel.condition.kind === 'literal' && rel.condition.value === true;
    if (always && rel.type === 'inner') return { text: `${left.text} CROSS JOIN ${right.text}`, columns };
    const on = this.expression(rel.condition, { columns, outer });
    return { text: `${left.text} ${rel.type.toUpperCase()} JOIN ${right.text} ON ${on}`, columns };
  }

  private period(period: Rex, left: readonly string[], outer: Outer): string {
    return period.kind === 'correlated'
      ? (left[period.index] as string)
      : this.expression(period, { columns: left, outer });
  }

  private snapshot(input: Rel, period: string): Source {
    const name = this.tableName(input);
    if (name === undefined) {
      throw new NotInFlinkSqlError(
        'FOR SYSTEM_TIME AS OF something that is no table of the catalog',
        'make it a table with CREATE TABLE, or write the whole query as SQL',
      );
    }
    const alias = this.alias();
    return { text: `${name} FOR SYSTEM_TIME AS OF ${period} AS ${alias}`, columns: qualified(alias, input.fields) };
  }

  private correlate(rel: Correlate, outer: Outer): Source {
    const left = this.side(rel.left, outer);
    const within: Outer = new Map([...outer, [rel.id, left.columns]]);
    const given = rel.right.kind === 'tableFunction' ? this.columnsGiven(rel.right, within) : undefined;
    if (given !== undefined) return this.extended(rel.fields, [...left.columns, ...given], left);
    const right =
      rel.right.kind === 'tableFunction'
        ? this.tableFunction(rel.right, rel.fields.slice(rel.left.fields.length), within)
        : this.lateral(rel.right, within);
    const columns = [...left.columns, ...right.columns];
    const text =
      rel.type === 'inner' ? `${left.text} CROSS JOIN ${right.text}` : `${left.text} LEFT JOIN ${right.text} ON TRUE`;
    return { text, columns };
  }

  private lateral(rel: Rel, outer: Outer): Source {
    const { text, columns } = this.nested(rel, outer);
    return { text: `LATERAL ${text}`, columns };
  }

  private tableFunction(rel: TableFunctionScan, fields: readonly PlanField[], outer: Outer): Source {
    const operands = this.operands(rel, outer);
    const alias = this.alias();
    const names = fields.map(({ name }) => q(name)).join(', ');
    const columns = qualified(alias, fields);
    if (rel.function === 'UNNEST') {
      const ordinality = rel.ordinality === true ? ' WITH ORDINALITY' : '';
      return { text: `UNNEST(${operands.join(', ')})${ordinality} AS ${alias} (${names})`, columns };
    }
    const types = rel.operands.map((rex) => rex.type);
    const text = this.context.userCall(callOf(rel), operands, types);
    return { text: `LATERAL TABLE(${text}) AS ${alias} (${names})`, columns };
  }

  private operands(rel: TableFunctionScan, outer: Outer): string[] {
    return rel.operands.map((rex) => this.expression(rex, { columns: [], outer }));
  }

  /** The columns of a function of the user's that gives one row, where they can be said in SQL. */
  private columnsGiven(rel: TableFunctionScan, outer: Outer): readonly string[] | undefined {
    if (rel.function === 'UNNEST') return undefined;
    return functionColumns(this.context.catalog.functions, callOf(rel), this.operands(rel, outer));
  }

  private extended(fields: readonly PlanField[], columns: readonly string[], source: Source): Source {
    const alias = this.alias();
    const items = columns.map((column, i) => named(column, (fields[i] as PlanField).name));
    return { text: `(${select(items, source)}\n) AS ${alias}`, columns: qualified(alias, fields) };
  }

  // ---- order
  private all(rel: Rel, source: Source, order = ''): string {
    return select(
      source.columns.map((column, i) => named(column, nameOf(rel, i))),
      source,
      order,
    );
  }

  private renamed(text: string, first: Rel, fields: readonly PlanField[]): string {
    if (fields.every(({ name }, i) => first.fields[i]?.name === name)) return text;
    const alias = this.alias();
    return `SELECT * FROM (${text}) AS ${alias} (${fields.map(({ name }) => q(name)).join(', ')})`;
  }

  /** Whether the words it was made from are sent as they are. */
  private asWritten(rel: Rel): boolean {
    return originOf(rel) !== undefined && !this.context.callsUser(rel);
  }
}

function callOf({ function: name, operands }: TableFunctionScan): RexCall {
  return { kind: 'call', function: name, operands, type: { root: 'ROW' } as unknown as AnyType };
}

const OUT_OF_PROCESS =
  'write them to a topic or a file, and read that with CREATE TABLE (... WATERMARK ...) on both engines';

const where = ({ where: condition }: Source): string => (condition === undefined ? '' : ` WHERE ${condition}`);
const qualified = (alias: string, fields: readonly PlanField[]): string[] =>
  fields.map(({ name }) => `${alias}.${q(name)}`);

const nameOf = ({ fields }: Rel, index: number): string => (fields[index] as PlanField).name;

function select(items: readonly string[], source: Source, order = ''): string {
  return `SELECT ${items.join(', ')} FROM ${source.text}${where(source)}${order}`;
}

function orderText({ keys, limit, offset }: Sort, { columns }: Source): string {
  const by = keys.map(({ index, descending, nullsFirst }) => columns[index] + direction(descending, nullsFirst));
  return [
    by.length === 0 ? '' : ` ORDER BY ${by.join(', ')}`,
    limit === undefined ? '' : ` LIMIT ${limit}`,
    offset === undefined ? '' : ` OFFSET ${offset}`,
  ].join('');
}

function named(text: string, name: string): string {
  const quoted = q(name);
  return text === quoted ? text : `${text} AS ${quoted}`;
}

/** The scan at the bottom of what may be a table as the catalog describes it. */
function scanBelow(rel: Rel): Scan | undefined {
  if (rel.kind === 'watermark') return rel.input.kind === 'watermark' ? undefined : scanBelow(rel.input);
  if (rel.kind === 'project') return rel.input.kind === 'scan' ? rel.input : undefined;
  return rel.kind === 'scan' ? rel : undefined;
}

const relKey = (rel: Rel): string => rexKey(rel as never);

/** Whether the columns of a projection may be written where groups use them. */
function mayMerge(expressions: readonly Rex[], groups: readonly number[], calls: readonly AggregateCall[]): boolean {
  const used = new Set([
    ...groups,
    ...calls.flatMap(({ operands, filter }) => [...operands, ...(filter === undefined ? [] : [filter])]),
  ]);
  const rel = { kind: 'project', expressions, input: { kind: 'values', rows: [], fields: [] }, fields: [] } as const;
  if (hasExpression(rel, (rex) => rex.kind === 'over' || rex.kind === 'subquery')) return false;
  // A number in GROUP BY is the position of a column.
  if (groups.some((index) => expressions[index]?.kind === 'literal')) return false;
  return used.size > 0 || expressions.length > 0;
}
