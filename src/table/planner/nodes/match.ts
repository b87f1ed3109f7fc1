import { type Row, type RowClass, rowClassOf } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { MatchOperator } from '../../../engine/operators/table/match/match.js';
import type { Accepts, PatternElement, Run } from '../../../engine/operators/table/match/pattern.js';
import { compileAggregates } from '../../aggregates/index.js';
import {
  compileComparator,
  compileExpression,
  compilePredicate,
  compileProjection,
  type EvaluationContext,
} from '../../codegen/index.js';
import { INSERTS } from '../../physical/modify-kinds.js';
import { makeNode, type NodeKind, type PhysicalNode, requireInsertOnly } from '../../physical/node.js';
import { type PlanField, planSchema } from '../../plan/field.js';
import type { MatchPattern, MatchTerm } from '../../plan/match.js';
import type { Match } from '../../plan/rel.js';
import { sortText } from '../describe.js';
import { rule } from '../rules.js';
import { keyed, names } from './support.js';
import { timeReader } from './windows.js';

interface MatchDetail extends Pick<Match, 'partitionBy' | 'orderBy' | 'skip' | 'withinMs'> {
  readonly pattern: MatchPattern;
}

/**
 * MATCH_RECOGNIZE.
 *
 * @see Flink: Pattern Recognition
 */
export const MATCH: NodeKind<MatchDetail> = {
  name: 'Match',
  sentBy: ({ detail }) => [detail.partitionBy],
  produces: (node) => {
    requireInsertOnly(node);
    return INSERTS;
  },
  requires: () => ['none'],
  updates: () => 'none',
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { partitionBy, orderBy, pattern, skip } = node.detail;
    const partition = partitionBy.length === 0 ? '' : `partitionBy=[${names(from, partitionBy)}], `;
    const variables = pattern.variables.map(({ name, min, max }) => `${name}{${min},${max ?? ''}}`).join(' ');
    return `${partition}orderBy=[${sortText(orderBy, from)}], measures=[${names(node.fields.slice(partitionBy.length))}], rowsPerMatch=[ONE ROW PER MATCH], after=[SKIP TO ${skip.to.toUpperCase()}], pattern=[${variables}]`;
  },
  unboundedState: ({ detail }) =>
    detail.withinMs === undefined ? 'the rows of matches that have begun (WITHIN bounds them)' : undefined,
  translate: (node, [input], { evaluation }) => {
    const { fields } = node.inputs[0] as PhysicalNode;
    const { partitionBy, orderBy, pattern, skip, withinMs } = node.detail;
    const [time, ...others] = orderBy as [Match['orderBy'][number]];
    const elements = pattern.variables.map(
      ({ name, min, max, greedy }): PatternElement => ({ name, min, max: max ?? Number.POSITIVE_INFINITY, greedy }),
    );
    const element = elements.findIndex(({ name }) => name === skip.variable);
    return keyed(
      input as DataStream<Row>,
      fields,
      partitionBy,
      'Match',
      () =>
        new MatchOperator({
          elements,
          accepts: compileAccepts(pattern, fields, evaluation),
          skip: element < 0 ? { to: skip.to } : { to: skip.to, element },
          withinMs: withinMs ?? Number.POSITIVE_INFINITY,
          timeOf: timeReader(fields, time.index),
          compare: others.length === 0 ? undefined : compileComparator(others, fields),
          result: compileMeasures(node.detail, fields, node.fields, evaluation),
        }),
    );
  },
};

type Rows = Run['rows'];

/** Makes the row of terms that an expression is over. */
function compileTerms(
  terms: readonly MatchTerm[],
  input: readonly PlanField[],
  evaluation: EvaluationContext,
): { readonly fields: PlanField[]; readonly read: (rows: Rows, time: number) => Row } {
  const fields = terms.map(({ type }, i): PlanField => ({ name: `t${i}`, type }));
  const reads = terms.map((term) => compileTerm(term, input, evaluation));
  const Terms: RowClass = rowClassOf(planSchema(fields));
  return { fields, read: (rows, time) => Terms.of(reads.map((read) => read(rows, time))) };
}

function compileTerm(
  term: MatchTerm,
  input: readonly PlanField[],
  evaluation: EvaluationContext,
): (rows: Rows, time: number) => unknown {
  if (term.kind === 'time') return (_, time) => time;
  const { variable } = term;
  const rowsOf = (rows: Rows): Rows[number] =>
    variable === undefined ? rows.flat() : (rows[variable] as Rows[number]);
  if (term.kind === 'row') {
    const { from, offset } = term;
    const evaluate = compileExpression(term.expression, input, evaluation);
    return (rows) => {
      const list = rowsOf(rows);
      const found = list[from === 'first' ? offset : list.length - 1 - offset];
      return found === undefined ? null : evaluate(found.row);
    };
  }
  const columns = term.operands.map(({ type }, i): PlanField => ({ name: `o${i}`, type }));
  const project = compileProjection(term.operands, input, columns, evaluation);
  const aggregation = compileAggregates([term.call], columns, {}, evaluation);
  return (rows) => {
    const accumulators = aggregation.create();
    for (const { row } of rowsOf(rows)) aggregation.accumulate(accumulators, project(row));
    return aggregation.values(accumulators)[0];
  };
}

function compileAccepts(pattern: MatchPattern, input: readonly PlanField[], evaluation: EvaluationContext): Accepts {
  const conditions = pattern.conditions.map((condition) => {
    if (condition === undefined) return () => true;
    const { fields, read } = compileTerms(condition.terms, input, evaluation);
    const holds = compilePredicate(condition.expression, fields, evaluation);
    const timed = condition.terms.some(({ kind }) => kind === 'time');
    return (rows: Rows) => holds(read(rows, timed ? (rows.flat().at(-1)?.time ?? 0) : 0));
  });
  return (element, rows) => (conditions[element] as (rows: Rows) => boolean)(rows);
}

function compileMeasures(
  { partitionBy, pattern }: MatchDetail,
  input: readonly PlanField[],
  output: readonly PlanField[],
  evaluation: EvaluationContext,
): (rows: Rows, time: number) => Row {
  const keys = partitionBy.map((i) => (input[i] as PlanField).name);
  const measures = pattern.measures.map(({ terms, expression }) => {
    const { fields, read } = compileTerms(terms, input, evaluation);
    const evaluate = compileExpression(expression, fields, evaluation);
    return (rows: Rows, time: number) => evaluate(read(rows, time));
  });
  const Made = rowClassOf(planSchema(output));
  return (rows, time) => {
    const first = rows.flat()[0]?.row as Row;
    return Made.of([...keys.map((name) => first[name]), ...measures.map((measure) => measure(rows, time))]);
  };
}

export const MATCH_RULE = rule('match', (rel, input) => {
  const below = input(rel.input);
  const { partitionBy, orderBy, skip, withinMs, fields } = rel;
  return makeNode(MATCH, fields, [below], {
    partitionBy,
    orderBy,
    skip,
    ...(withinMs === undefined ? {} : { withinMs }),
    pattern: rel.pattern as MatchPattern,
  });
});
