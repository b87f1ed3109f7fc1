import { type PlanField, uniqueNames } from '../plan/field.js';
import type { MatchExpression, MatchPattern, MatchVariable } from '../plan/match.js';
import type { Match } from '../plan/rel.js';
import type { Rex, SortKey } from '../plan/rex.js';
import type { Expression } from '../sql/ast/expressions.js';
import type { MatchRecognize, RowPattern } from '../sql/ast/queries.js';
import { conditionOf } from './checks.js';
import type { BoundQuery, ExpressionEnv, QueryEnv } from './env.js';
import { milliseconds } from './group-windows.js';
import { TermBinder } from './match-terms.js';
import { bindExpr, bindFrom } from './mutual.js';
import { orderKey } from './over.js';
import { Scope } from './scope.js';

const SKIPS = {
  'TO NEXT ROW': 'next row',
  'PAST LAST ROW': 'past last row',
  'TO FIRST': 'first',
  'TO LAST': 'last',
} as const;

/**
 * MATCH_RECOGNIZE: the columns of PARTITION BY, then MEASURES.
 *
 * @see Flink: Pattern Recognition
 */
export function bindMatch(item: MatchRecognize, env: QueryEnv): BoundQuery {
  const { binder } = env;
  const from = bindFrom(item.input, env);
  const scope = new Scope(from.rel.fields, from.sources, from.star, env.outer);
  const plain: ExpressionEnv = { ...env, scope, clause: 'MATCH_RECOGNIZE' };
  if (item.rowsPerMatch === 'ALL ROWS')
    throw binder.invalid('All rows per match mode is not supported yet.', item, 'use ONE ROW PER MATCH');
  if (item.strictStart || item.strictEnd) throw binder.missing('^ and $ in a PATTERN', item.pattern);
  const [subset] = item.subsets;
  if (subset !== undefined) throw binder.missing('SUBSET', subset.name);
  const partitionBy = item.partitionBy.map((node) => columnOf(node, plain));
  const orderBy = item.orderBy.map((order): SortKey => {
    const { descending, nullsFirst } = orderKey(order, bindExpr(order.expression, plain));
    return { index: columnOf(order.expression, plain), descending, nullsFirst };
  });
  checkOrder(orderBy[0], item, env, from.rel.fields);
  const variables = variablesOf(item.pattern, env);
  const names = variables.map(({ name }) => name);
  const conditions = names.map((name): MatchExpression | undefined => {
    const found = item.define.find((one) => one.name.name === name);
    if (found === undefined) return undefined;
    const own = names.indexOf(name);
    const terms = new TermBinder(names, { ...plain, clause: 'DEFINE' }, (i) => i === undefined || i === own);
    return terms.bind(found.condition, (inner) => conditionOf(found.condition, inner, 'DEFINE'));
  });
  const measures = item.measures.map(({ expression }) =>
    new TermBinder(
      names,
      { ...plain, clause: 'MEASURES' },
      (i) => i === undefined || (variables[i]?.min ?? 0) > 0,
    ).bind(expression),
  );
  const pattern: MatchPattern = { variables, conditions, measures };
  const { afterMatch, within } = item;
  const to = SKIPS[afterMatch?.skip ?? 'TO NEXT ROW'];
  const variable = afterMatch?.variable?.name;
  if (afterMatch?.variable !== undefined && !names.includes(variable as string)) {
    throw binder.invalid(`Unknown pattern '${variable}'`, afterMatch.variable);
  }
  const outNames = [
    ...partitionBy.map((i) => (from.rel.fields[i] as PlanField).name),
    ...item.measures.map(({ alias }) => alias.name),
  ];
  const unique = uniqueNames(outNames);
  const fields = unique.map((name, i): PlanField => {
    const key = from.rel.fields[partitionBy[i] ?? -1];
    if (key !== undefined) return { name, type: key.type };
    const at = i - partitionBy.length;
    const type = (measures[at] as MatchExpression).expression.type;
    const time = timeOfMeasure(item.measures[at]?.expression);
    return time === undefined ? { name, type } : { name, type, time };
  });
  const rel: Match = {
    kind: 'match',
    input: from.rel,
    partitionBy,
    orderBy,
    pattern,
    define: [],
    measures: [],
    skip: variable === undefined ? { to } : { to, variable },
    ...(within === undefined ? {} : { withinMs: milliseconds(bindExpr(within, plain), within, plain, 'WITHIN') }),
    subsets: [],
    fields,
  };
  return { rel, names: outNames };
}

function checkOrder(
  time: SortKey | undefined,
  item: MatchRecognize,
  { binder }: QueryEnv,
  fields: readonly PlanField[],
): void {
  const [written] = item.orderBy;
  if (time === undefined || fields[time.index]?.time === undefined) {
    throw binder.invalid(
      'You must specify either rowtime or proctime for order by.',
      written?.expression ?? item,
      'ORDER BY the column with the WATERMARK, or one AS PROCTIME()',
    );
  }
  if (time.descending && written !== undefined) {
    throw binder.invalid('Primary sort order of a streaming table must be ascending on time.', written.expression);
  }
}

function timeOfMeasure(node: Expression | undefined): PlanField['time'] {
  if (node?.kind !== 'call') return undefined;
  const name = node.name.parts[0]?.name.toUpperCase();
  return name === 'MATCH_ROWTIME' ? 'rowtime' : name === 'MATCH_PROCTIME' ? 'proctime' : undefined;
}

function columnOf(node: Expression, env: ExpressionEnv): number {
  const rex: Rex = bindExpr(node, env);
  if (rex.kind === 'input') return rex.index;
  throw env.binder.missing('an expression in PARTITION BY or ORDER BY of MATCH_RECOGNIZE', node, 'name columns');
}

/** The variables in their order. */
function variablesOf(pattern: RowPattern, { binder }: QueryEnv): MatchVariable[] {
  const parts = pattern.kind === 'patternSequence' ? pattern.parts : [pattern];
  const made = parts.map((part): MatchVariable => {
    if (part.kind === 'patternVariable') return { name: part.name.name, min: 1, max: 1, greedy: false };
    if (part.kind === 'patternAlternatives') {
      throw binder.invalid("Currently, CEP doesn't support branching patterns.", part, 'leave out |');
    }
    if (part.kind !== 'patternQuantifier') throw binder.invalid(REFUSED[part.kind] ?? GROUPS, part, PLAIN);
    if (part.pattern.kind !== 'patternVariable') throw binder.invalid(GROUPS, part, PLAIN);
    const { minimum, maximum, reluctant } = part;
    const name = part.pattern.name.name;
    if (minimum === undefined) {
      throw binder.invalid('The from should be a positive number greater than 0.', part, `write {0,${maximum}}`);
    }
    if (maximum === 0) {
      throw binder.invalid('The to should be a number greater than or equal to from: 1.', part);
    }
    if (minimum === 0 && maximum === 1 && reluctant) {
      throw binder.invalid('Reluctant optional variables are not supported yet.', part);
    }
    const fixed = maximum === minimum || (minimum === 0 && maximum === 1);
    return { name, min: minimum, ...(maximum === undefined ? {} : { max: maximum }), greedy: !reluctant && !fixed };
  });
  const twice = made.find(({ name }, i) => made.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) {
    throw binder.invalid('Pattern variables must be unique. That might change in the future.', pattern);
  }
  if (made.at(-1)?.greedy === true) {
    throw binder.invalid(
      'Greedy quantifiers are not allowed as the last element of a Pattern yet. Finish your pattern with either a simple variable or reluctant quantifier.',
      parts.at(-1) ?? pattern,
    );
  }
  // Flink does not look at {0,n}, which it makes of something else than B* and B?.
  if (made.some(({ min, max = 1 }, i) => min === 0 && max === 1 && made[i - 1]?.greedy === true)) {
    throw binder.invalid('Optional pattern cannot be preceded by greedy pattern', pattern);
  }
  if (made.every(({ min }) => min === 0)) {
    throw binder.invalid(
      'Patterns that can produce empty matches are not supported. There must be at least one non-optional state.',
      pattern,
    );
  }
  return made;
}

const GROUPS = 'Group patterns are not supported yet.';
const PLAIN = 'a PATTERN is a sequence of variables, each with a quantifier at most: (A B+ C)';
const REFUSED: Readonly<Record<string, string>> = {
  patternPermutation: "Currently, CEP doesn't support PERMUTE patterns.",
  patternExclusion: "Currently, CEP doesn't support '{-' '-}' patterns.",
};
