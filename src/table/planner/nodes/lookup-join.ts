import type { KeyId } from '../../../core/keys.js';
import { type Row, rowClassOf, rowKind } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { AsyncWaitOperator, type ResultFuture } from '../../../engine/operators/async-wait.js';
import {
  compileCalc,
  compileConcat,
  compileExpression,
  compileJoinPredicate,
  compileKey,
} from '../../codegen/index.js';
import type { LookupTable } from '../../connectors/contract.js';
import { PartialCache } from '../../connectors/lookup/cache.js';
import { ValidationError } from '../../errors.js';
import { conjunction, conjuncts, inputsOf, mapInputs, rexToString } from '../../expressions/index.js';
import type { TranslateContext } from '../../physical/context.js';
import { inputKinds, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { type PlanField, planSchema } from '../../plan/field.js';
import type { Rel, Scan } from '../../plan/rel.js';
import type { Rex } from '../../plan/rex.js';
import { allColumns, joinCondition } from '../join-keys.js';
import { rule } from '../rules.js';
import { durationSetting } from '../settings.js';
import { names } from './support.js';

/** A column of the table that is looked up, and what it has to equal. */
interface LookupKey {
  /** In the table. */
  readonly column: number;
  /** Over the left row. */
  readonly value: Rex;
}

interface LookupJoin {
  readonly type: 'inner' | 'left';
  /** `default_catalog.default_database.t` */
  readonly table: string;
  readonly lookup: LookupTable;
  /** The columns of the rows that are given. */
  readonly columns: readonly PlanField[];
  readonly keys: readonly LookupKey[];
  /** What becomes of them, over these columns. */
  readonly right: readonly PlanField[];
  readonly expressions: readonly Rex[];
  readonly condition: Rex | undefined;
  /** What has to hold besides, over both sides. */
  readonly rest: Rex | undefined;
}

/** Flink's `table.exec.async-lookup.*`. */
const TIMEOUT_MS = 180_000;
const CAPACITY = 100;

/**
 * Joins each row with what a table knows of its key when the row comes by.
 *
 * @see Flink: Lookup Join
 */
export const LOOKUP_JOIN: NodeKind<LookupJoin> = {
  name: 'LookupJoin',
  produces: inputKinds,
  requires: (_node, asked) => [asked],
  updates: 'forwards',
  windows: (node) => node.inputs[0]?.window,
  describe: (node) => {
    const { type, table, keys, columns, rest } = node.detail;
    const left = node.inputs[0] as PhysicalNode;
    const looked = keys.map(({ column, value }) => `${columns[column]?.name}=${rexToString(value, left.fields)}`);
    const where =
      rest === undefined ? '' : `, joinCondition=[${rexToString(rest, [...left.fields, ...node.detail.right])}]`;
    return `table=[${table}], joinType=[${type === 'left' ? 'LeftOuterJoin' : 'InnerJoin'}], lookup=[${looked.join(', ')}]${where}, select=[${names(node.fields)}]`;
  },
  translate: (node, [input], context) => {
    const { lookup } = node.detail;
    const { config } = context;
    const setting = durationSetting(config, 'table.exec.async-lookup.timeout');
    const timeoutMs = lookup.timeoutMs ?? (setting > 0 ? setting : TIMEOUT_MS);
    const capacity = lookup.capacity ?? (Number(config.get('table.exec.async-lookup.buffer-capacity')) || CAPACITY);
    return (input as DataStream<Row>).transform(
      'LookupJoin',
      () =>
        new AsyncWaitOperator<Row, Row>(
          asking(node, context),
          { timeoutMs, capacity, retry: lookup.retry },
          // As Flink does unless it is told otherwise: changes have to stay in their order.
          true,
        ),
    );
  },
};

/** What is asked for each row. */
function asking(node: PhysicalNode<LookupJoin>, { evaluation, env }: TranslateContext) {
  const { type, lookup, columns, keys, right, expressions, condition, rest } = node.detail;
  const left = (node.inputs[0] as PhysicalNode).fields;
  const values = keys.map(({ value }) => compileExpression(value, left, evaluation));
  const keyFields = keys.map(({ column }) => columns[column] as PlanField);
  const KeyRow = rowClassOf(planSchema(keyFields));
  const idOf = compileKey(
    allColumns(keyFields).map((_, i) => i),
    keyFields,
  );
  const ask = lookup.asker(keyFields);
  const finish = compileCalc(condition, expressions, columns, right, evaluation);
  const matches = rest === undefined ? () => true : compileJoinPredicate(rest, left, right, evaluation);
  const concat = compileConcat(left, right, node.fields);
  const cache = lookup.cache === undefined ? undefined : new PartialCache<readonly Row[]>(lookup.cache, env.clock);
  const keepsNothing = lookup.cache?.cacheMissingKey === false;
  // Several rows with the same key that come together ask once.
  const underWay = new Map<KeyId, Promise<readonly Row[]>>();

  const askFor = (id: KeyId, key: readonly unknown[]): Promise<readonly Row[]> => {
    let asked = underWay.get(id);
    if (asked === undefined) {
      asked = ask(key)
        .then((given) => {
          const rows = given.flatMap((row) => finish(row) ?? []);
          if (rows.length > 0 || !keepsNothing) cache?.set(id, rows);
          return rows;
        })
        .finally(() => underWay.delete(id));
      underWay.set(id, asked);
    }
    return asked;
  };
  const joined = (row: Row, found: readonly Row[]): Row[] => {
    const made = found.filter((other) => matches(row, other)).map((other) => concat(row, other));
    if (made.length === 0 && type === 'left') made.push(concat(row, null));
    if (row[rowKind] !== 0) for (const one of made) one[rowKind] = row[rowKind];
    return made;
  };
  return {
    asyncInvoke(row: Row, result: ResultFuture<Row>): void | Promise<void> {
      const key = values.map((value) => value(row));
      // NULL equals nothing.
      if (key.includes(null)) {
        result.complete(joined(row, []));
        return;
      }
      const id = idOf(KeyRow.of(key));
      const known = cache?.get(id);
      if (known !== undefined) {
        result.complete(joined(row, known));
        return;
      }
      return askFor(id, key).then((rows) => result.complete(joined(row, rows)));
    },
  };
}

/** The table below projections and filters, with what they make of its columns. */
function tableBelow(
  rel: Rel,
): { readonly scan: Scan; readonly expressions: readonly Rex[]; readonly conditions: readonly Rex[] } | undefined {
  switch (rel.kind) {
    case 'scan':
      return { scan: rel, expressions: allColumns(rel.fields), conditions: [] };
    case 'watermark':
      return tableBelow(rel.input);
    case 'project': {
      const below = tableBelow(rel.input);
      if (below === undefined) return undefined;
      const expressions = rel.expressions.map((rex) => mapInputs(rex, (i) => below.expressions[i] as Rex));
      return { ...below, expressions };
    }
    case 'filter': {
      const below = tableBelow(rel.input);
      if (below === undefined) return undefined;
      const condition = mapInputs(rel.condition, (i) => below.expressions[i] as Rex);
      return { ...below, conditions: [...below.conditions, ...conjuncts(condition)] };
    }
    default:
      return undefined;
  }
}

/** `column = constant`, in either order. */
function constantKey(rex: Rex): LookupKey | undefined {
  if (rex.kind !== 'call' || rex.function !== '=' || rex.operands.length !== 2) return undefined;
  const [a, b] = rex.operands as [Rex, Rex];
  const [column, value] = a.kind === 'input' ? [a, b] : [b, a];
  return column.kind === 'input' && inputsOf(value).length === 0 && value.kind === 'literal'
    ? { column: column.index, value }
    : undefined;
}

export const LOOKUP_JOIN_RULE = rule('join', (rel, input, context) => {
  if (rel.right.kind !== 'snapshot') return undefined;
  const { type } = rel;
  const { period, span } = rel.right;
  const where = span === undefined ? {} : { span };
  const left = input(rel.left);
  const time = period.kind === 'correlated' ? left.fields[period.index]?.time : undefined;
  if (time !== 'proctime') return undefined;
  const below = tableBelow(rel.right.input);
  const source = below === undefined ? undefined : context.scan(below.scan);
  if (below === undefined || source?.lookup === undefined) {
    throw new ValidationError('Processing-time temporal join is not supported yet.', {
      ...where,
      hint: 'only a table that is asked for one key at a time can be joined by processing time: t.createLookupTable(...). For all others name an event time: FOR SYSTEM_TIME AS OF o.rowtime',
    });
  }
  if (type !== 'inner' && type !== 'left') {
    throw new ValidationError(
      `Temporal table join currently only supports INNER JOIN and LEFT JOIN, but was ${type.toUpperCase()} JOIN.`,
      where,
    );
  }
  const table = source.name.replaceAll(', ', '.');
  const { pairs, rest } = joinCondition(rel.condition, left.fields.length);
  const keys: LookupKey[] = [];
  const more: Rex[] = rest === undefined ? [] : [rest];
  for (const { left: value, right, filterNulls } of pairs) {
    const column = mapInputs(right, (i) => below.expressions[i] as Rex);
    if (column.kind === 'input' && filterNulls && !keys.some((key) => key.column === column.index)) {
      keys.push({ column: column.index, value });
    } else {
      throw new ValidationError(
        `Temporal table join: \`${table}\` cannot be asked for ${rexToString(right, rel.right.fields)}`,
        {
          hint: 'compare its columns as they are, each once, with =; what has to be converted stands on the other side',
        },
      );
    }
  }
  for (const condition of below.conditions) {
    const key = constantKey(condition);
    if (key !== undefined && !keys.some(({ column }) => column === key.column)) keys.push(key);
  }
  if (keys.length === 0) {
    throw new ValidationError(`Temporal table join requires an equality condition on fields of table [${table}].`, {
      hint: 'ON o.customer = c.id',
    });
  }
  return makeNode(LOOKUP_JOIN, rel.fields, [left], {
    type,
    table,
    lookup: source.lookup,
    columns: below.scan.fields,
    keys,
    right: rel.right.fields,
    expressions: below.expressions,
    condition: below.conditions.length === 0 ? undefined : conjunction(below.conditions),
    rest: more.length === 0 ? undefined : conjunction(more),
  });
});
