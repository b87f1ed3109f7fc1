import { type Row, RowKind, rowClassOf } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { AppendTopNOperator } from '../../../engine/operators/table/rank/append-top-n.js';
import { FastTop1Operator } from '../../../engine/operators/table/rank/fast-top-1.js';
import { RetractTopNOperator } from '../../../engine/operators/table/rank/retract-top-n.js';
import { UpdatableTopNOperator } from '../../../engine/operators/table/rank/updatable-top-n.js';
import { compareValues, compileComparator, compileKey, compileRowEquals } from '../../codegen/index.js';
import { ALL_KINDS, INSERTS, isAppendOnly } from '../../physical/modify-kinds.js';
import { monotonicityOf } from '../../physical/monotonicity.js';
import { inputKinds, type Key, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { planSchema } from '../../plan/field.js';
import type { Rank } from '../../plan/rel.js';
import { sortText } from '../describe.js';
import { rule } from '../rules.js';
import { readProctime } from './calc.js';
import { makeDeduplicate } from './deduplicate.js';
import { compileWithRank } from './rank-rows.js';
import { keyed, names, requireOrderable } from './support.js';
import { makeWindowRank } from './window-rank.js';
import { reader } from './windows.js';

type RankDetail = Pick<Rank, 'partitionBy' | 'orderBy' | 'from' | 'to' | 'toColumn' | 'withNumber'>;

/**
 * The first rows of each group in an order, and ORDER BY with LIMIT.
 *
 * @see Flink: Top-N
 */
export const RANK: NodeKind<RankDetail> = {
  name: 'Rank',
  sentBy: ({ detail }) => [detail.partitionBy],
  // LIMIT without an order lets the first rows through, and nothing takes their place.
  produces: (node) => (node.detail.orderBy.length === 0 && isAppendOnly(inputKinds(node)) ? INSERTS : ALL_KINDS),
  requires: (node) => [fastKey(node) === undefined ? 'beforeAndAfter' : ['onlyAfter', 'beforeAndAfter']],
  updates: 'makes',
  upsertKeys: ({ inputs: [input], detail: { partitionBy, from, to, withNumber } }) => {
    const known = (input as PhysicalNode).upsertKeys;
    if (from === to) return [partitionBy, ...known];
    return withNumber ? [[...partitionBy, (input as PhysicalNode).fields.length], ...known] : known;
  },
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { partitionBy, orderBy, from: first, to, toColumn } = node.detail;
    const strategy = strategyText(node);
    const partition = partitionBy.length === 0 ? '' : `partitionBy=[${names(from, partitionBy)}], `;
    const range = toColumn === undefined ? `rankStart=${first}, rankEnd=${to}` : `rankEnd=${from[toColumn]?.name}`;
    return `strategy=[${strategy}], rankType=[ROW_NUMBER], rankRange=[${range}], ${partition}orderBy=[${sortText(orderBy, from)}], select=[${names(node.fields)}]`;
  },
  unboundedState: (node) => {
    const input = node.inputs[0] as PhysicalNode;
    if (!isAppendOnly(input.modify) && input.updates !== 'onlyAfter') return 'every row of its input';
    const { partitionBy, to, toColumn } = node.detail;
    const rows = toColumn === undefined ? `${to}` : `as many as ${input.fields[toColumn]?.name} says`;
    return partitionBy.length === 0 ? undefined : `${rows} rows for each ${names(input.fields, partitionBy)}`;
  },
  translate: (node, [input], { stateTtlMs }) => {
    const below = node.inputs[0] as PhysicalNode;
    const { fields } = below;
    const { partitionBy, orderBy, from, to, toColumn, withNumber } = node.detail;
    return keyed(input as DataStream<Row>, fields, partitionBy, 'Rank', () => {
      const settings = {
        compare: compileComparator(orderBy, fields),
        from,
        to,
        ...(toColumn === undefined ? {} : { toOf: reader(fields, toColumn) }),
        numbered: withNumber,
        withRank: compileWithRank(fields, node.fields),
        updateBefore: node.updates === 'beforeAndAfter',
        stateTtlMs,
      };
      const { copy } = rowClassOf(planSchema(fields));
      const keep = (row: Row) => copy(row, RowKind.INSERT);
      const append = isAppendOnly(below.modify);
      const key = below.updates === 'onlyAfter' ? fastKey(node) : undefined;
      if (from === 1 && to === 1 && (append || key !== undefined)) return new FastTop1Operator({ ...settings, keep });
      if (append) return new AppendTopNOperator(settings);
      // What changes has to be found again, also beside NaN, where Flink's own order loses rows.
      const compare = compileComparator(orderBy, fields, compareValues);
      if (key !== undefined)
        return new UpdatableTopNOperator({ ...settings, compare, idOf: compileKey(key, fields), keep });
      return new RetractTopNOperator({ ...settings, compare, equal: compileRowEquals(fields, 'itself'), keep });
    });
  },
};

/**
 * The key of a row's versions, if each version is further in front than the one before: then what is behind the last rank
 * can be forgotten.
 *
 * @see Flink: `RankProcessStrategy.analyzeRankProcessStrategies`
 */
function fastKey({ inputs: [input], detail: { partitionBy, orderBy } }: PhysicalNode<RankDetail>): Key | undefined {
  if (input === undefined || isAppendOnly(input.modify) || input.modify.delete || orderBy.length === 0)
    return undefined;
  const moves = monotonicityOf(input);
  const forwards = orderBy.every(({ index, descending }) => {
    const move = moves?.[index];
    return move === 'constant' || move === (descending ? 'increasing' : 'decreasing');
  });
  if (!forwards) return undefined;
  return input.upsertKeys.find((key) => partitionBy.every((column) => key.includes(column)));
}

function strategyText(node: PhysicalNode<RankDetail>): string {
  const input = node.inputs[0] as PhysicalNode;
  if (isAppendOnly(input.modify)) return 'AppendFastStrategy';
  const key = input.updates === 'onlyAfter' ? fastKey(node) : undefined;
  return key === undefined ? 'RetractStrategy' : `UpdateFastStrategy[primaryKeys=[${key.join(', ')}]]`;
}

export const RANK_RULE = rule('rank', (rel, input) => {
  const given = input(rel.input);
  requireOrderable(rel.orderBy, given.fields);
  const special = makeWindowRank(rel, given) ?? makeDeduplicate(rel, given);
  if (special !== undefined) return special;
  const { partitionBy, orderBy, from, to, toColumn, withNumber } = rel;
  const detail = { partitionBy, orderBy, from, to, withNumber };
  return makeNode(RANK, rel.fields, [readProctime(given)], toColumn === undefined ? detail : { ...detail, toColumn });
});
