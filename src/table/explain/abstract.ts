import { rexToString, visitRex } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Aggregate, Correlate, Rel, Sort, WindowSpec } from '../plan/rel.js';
import type { AggregateCall, Rex, SortKey } from '../plan/rex.js';
import { inputsOfRel, mapExpressions } from '../plan/visit-rel.js';

/**
 * The plan as Flink's `== Abstract Syntax Tree ==` prints it: a line a step, its inputs below it.
 *
 * @see Flink: EXPLAIN Statements
 */
export function abstractPlanText(rel: Rel): string {
  return `${lines(rel).join('\n')}\n`;
}

function lines(rel: Rel): string[] {
  const inputs = inputsOfRel(rel).map(lines);
  const below = inputs.flatMap((input, i) => {
    const last = i === inputs.length - 1;
    return input.map((line, n) => `${n === 0 ? (last ? '+- ' : ':- ') : last ? '   ' : ':  '}${line}`);
  });
  return [stepText(rel), ...below];
}

/** Queries within expressions are written out where they stand. */
function within(rel: Rel, exists: boolean): string {
  // Which columns EXISTS selects does not matter, and Flink leaves them out.
  const shown = exists && rel.kind === 'project' ? rel.input : rel;
  const list = (one: Rel, depth: number): string[] => [
    `${'  '.repeat(depth)}${stepText(one)}`,
    ...inputsOfRel(one).flatMap((input) => list(input, depth + 1)),
  ];
  return `{\n${list(shown, 0).join('\n')}\n}`;
}

function text(rex: Rex): string {
  if (rex.kind === 'call' && rex.operands.some((one) => one.kind === 'subquery')) {
    return `${rex.function}(${rex.operands.map(text).join(', ')})`;
  }
  if (rex.kind !== 'subquery') return rexToString(rex);
  const name = {
    scalar: '$SCALAR_QUERY',
    exists: 'EXISTS',
    in: 'IN',
    some: `${rex.operator} SOME`,
    all: `${rex.operator} ALL`,
  }[rex.form];
  const operands = rex.operands.map((one) => `${text(one)}, `).join('');
  return `${name}(${operands}${within(rex.rel, rex.form === 'exists')})`;
}

/** Which rows outside the queries of a condition refer to. */
function variables(condition: Rex): string {
  const ids: number[] = [];
  visitRex(condition, (one) => {
    if (one.kind === 'subquery' && one.correlation !== undefined) ids.push(one.correlation);
  });
  return ids.length === 0 ? '' : `, variablesSet=[[${ids.map((id) => `$cor${id}`).join(', ')}]]`;
}

function stepText(rel: Rel): string {
  switch (rel.kind) {
    case 'scan':
    case 'inlineScan': {
      const name = rel.kind === 'scan' ? rel.table.join(', ') : rel.name;
      const hints =
        rel.kind === 'scan' && rel.options !== undefined
          ? `, hints=[[[OPTIONS options:{${optionsText(rel.options)}}]]]`
          : '';
      return `LogicalTableScan(table=[[${name}]]${hints})`;
    }
    case 'values':
      return `LogicalValues(tuples=[[${rel.rows.map((row) => `{ ${row.map(text).join(', ')} }`).join(', ')}]])`;
    case 'project':
      return `LogicalProject(${rel.expressions.map((rex, i) => `${name(rel.fields, i)}=[${text(rex)}]`).join(', ')})`;
    case 'filter':
      return `LogicalFilter(condition=[${text(rel.condition)}]${variables(rel.condition)})`;
    case 'watermark':
      return `LogicalWatermarkAssigner(rowtime=[${name(rel.fields, rel.column)}], watermark=[${text(rel.watermark)}])`;
    case 'aggregate':
      return `LogicalAggregate(${[groupText(rel), ...callTexts(rel.calls)].join(', ')})`;
    case 'groupWindowAggregate': {
      const properties = rel.properties.map((property) => `w$${property}`).join(', ');
      const parts = [
        `group=[${setText(rel.groups)}]`,
        ...callTexts(rel.calls),
        `window=[${windowText(rel.window)}]`,
        `properties=[${properties}]`,
      ];
      return `LogicalWindowAggregate(${parts.join(', ')})`;
    }
    case 'windowTvf':
      return `LogicalTableFunctionScan(invocation=[${windowText(rel.window)}], rowType=[RecordType(${rel.fields.map(({ name: of, type }) => `${type} ${of}`).join(', ')})])`;
    case 'join':
      return `LogicalJoin(condition=[${text(rel.condition)}], joinType=[${rel.type}])`;
    case 'correlate':
      return `LogicalCorrelate(correlation=[$cor${rel.id}], joinType=[${rel.type}], requiredColumns=[${setText(requiredColumns(rel))}])`;
    case 'tableFunction': {
      const ordinality = rel.ordinality === true ? ', withOrdinality=[true]' : '';
      const call = `${rel.function}(${rel.operands.map(text).join(', ')})`;
      return `LogicalTableFunctionScan(invocation=[${call}]${ordinality})`;
    }
    case 'snapshot':
      return `LogicalSnapshot(period=[${text(rel.period)}])`;
    case 'setOperation':
      return `${{ UNION: 'LogicalUnion', INTERSECT: 'LogicalIntersect', EXCEPT: 'LogicalMinus' }[rel.operator]}(all=[${rel.all}])`;
    case 'sort':
      return `LogicalSort(${sortText(rel)})`;
    case 'overAggregate':
      return `LogicalOverAggregate(partitionBy=[${setText(rel.partitionBy)}], orderBy=[${keysText(rel.orderBy)}], ${callTexts(rel.calls).join(', ')})`;
    case 'rank':
      return `LogicalRank(rankRange=[rankStart=${rel.from}, rankEnd=${rel.to}], partitionBy=[${setText(rel.partitionBy)}], orderBy=[${keysText(rel.orderBy)}])`;
    case 'match': {
      const measures = rel.measures.map(({ name: of, expression }) => `${of}=[${text(expression)}]`).join(', ');
      const define = rel.define.map(({ name: of, condition }) => `${of}=[${text(condition)}]`).join(', ');
      return `LogicalMatch(partition=[${setText(rel.partitionBy)}], order=[${keysText(rel.orderBy)}], measures=[${measures}], define=[${define}])`;
    }
  }
}

function name(fields: readonly PlanField[], index: number): string {
  return (fields[index] as PlanField).name;
}

const setText = (columns: readonly number[]): string => `{${columns.join(', ')}}`;

function groupText({ groups, sets }: Aggregate): string {
  const all = `group=[${setText(groups)}]`;
  return sets === undefined
    ? all
    : `${all}, groups=[[${sets.map((set) => setText(set.map((i) => groups[i] as number))).join(', ')}]]`;
}

function callTexts(calls: readonly AggregateCall[]): string[] {
  return calls.map(({ function: of, operands, distinct, filter, name: called }) => {
    const list = operands.map((i) => `$${i}`).join(', ');
    return `${called}=[${of}(${distinct ? 'DISTINCT ' : ''}${list})${filter === undefined ? '' : ` FILTER $${filter}`}]`;
  });
}

function windowText(window: WindowSpec): string {
  const time = `DESCRIPTOR($${window.time})`;
  const offset = 'offset' in window && window.offset !== undefined ? [window.offset] : [];
  const list = (...sizes: readonly number[]): string => [time, ...sizes, ...offset].join(', ');
  switch (window.type) {
    case 'tumble':
      return `TUMBLE(${list(window.size)})`;
    case 'hop':
      return `HOP(${list(window.slide, window.size)})`;
    case 'cumulate':
      return `CUMULATE(${list(window.step, window.size)})`;
    case 'session': {
      const by =
        window.partitionBy === undefined ? '' : `PARTITION BY(${window.partitionBy.map((i) => `$${i}`).join(', ')}), `;
      return `SESSION(${by}${list(window.gap)})`;
    }
    case 'count':
      return window.slide === undefined ? `COUNT(${window.size})` : `COUNT(${window.slide}, ${window.size})`;
  }
}

const directionText = ({ descending, nullsFirst }: SortKey): string =>
  `${descending ? 'DESC' : 'ASC'}-nulls-${nullsFirst ? 'first' : 'last'}`;

const keysText = (keys: readonly SortKey[]): string =>
  keys.map((key) => `$${key.index} ${directionText(key)}`).join(', ');

function sortText({ keys, offset, limit }: Sort): string {
  const parts = keys.map(({ index }, i) => `sort${i}=[$${index}]`);
  parts.push(...keys.map((key, i) => `dir${i}=[${directionText(key)}]`));
  if (offset !== undefined) parts.push(`offset=[${offset}]`);
  if (limit !== undefined) parts.push(`fetch=[${limit}]`);
  return parts.join(', ');
}

function requiredColumns({ id, right }: Correlate): number[] {
  const found = new Set<number>();
  const visit = (rel: Rel): void => {
    mapExpressions(rel, (rex) => {
      visitRex(rex, (one) => {
        if (one.kind === 'correlated' && one.id === id) found.add(one.index);
      });
      return rex;
    });
    for (const input of inputsOfRel(rel)) visit(input);
  };
  visit(right);
  return [...found].sort((a, b) => a - b);
}

function optionsText(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
