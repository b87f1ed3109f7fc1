import { type AnyType, type as types } from '../../core/types/index.js';
import { buildCall, leastRestrictive } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Join as JoinRel, JoinType, Rel } from '../plan/rel.js';
import { inputRef, literal, type Rex } from '../plan/rex.js';
import type { Identifier } from '../sql/ast/names.js';
import type { FromItem, Join } from '../sql/ast/queries.js';
import { conditionOf } from './checks.js';
import type { QueryEnv } from './env.js';
import type { FromResult } from './from.js';
import { ttlOf } from './hints.js';
import { bindFrom } from './mutual.js';
import { mapRexDeep } from './rex-tools.js';
import { Scope, type Source, type StarColumn } from './scope.js';
import { withSnapshot } from './snapshots.js';
import { joinedFields } from './steps.js';
import { reindexed } from './tables.js';

const TRUE = literal(true, types.boolean().notNull() as AnyType);

const TYPES: Readonly<Record<Join['type'], Exclude<JoinType, 'semi' | 'anti'>>> = {
  INNER: 'inner',
  CROSS: 'inner',
  COMMA: 'inner',
  LEFT: 'left',
  RIGHT: 'right',
  FULL: 'full',
};

/** Whether a table may refer to those before it. */
function isLateral(item: FromItem): boolean {
  switch (item.kind) {
    case 'aliased':
      return isLateral(item.input);
    case 'derived':
      return item.lateral;
    case 'unnest':
    case 'tableFunction':
      return true;
    default:
      return false;
  }
}

/** Two tables joined, in any way. */
export function bindJoin(item: Join, env: QueryEnv): FromResult {
  const { binder } = env;
  const left = bindFrom(item.left, env);
  const leftScope = new Scope(left.rel.fields, left.sources, left.star, env.outer);
  const snapshot = withSnapshot(item.right, leftScope, env);
  const { made: right, id } =
    snapshot !== undefined
      ? { made: snapshot, id: undefined }
      : isLateral(item.right)
        ? leftScope.correlated(() => bindFrom(item.right, { ...env, outer: leftScope }))
        : { made: bindFrom(item.right, env), id: undefined };
  for (const source of right.sources) {
    if (source.name !== undefined && left.sources.some((other) => other.name === source.name)) {
      throw binder.invalid(
        `Duplicate relation name '${source.name}' in FROM clause`,
        item.right,
        `give one of them another name: ${source.name} AS ${source.name}2`,
      );
    }
  }
  const type = TYPES[item.type];
  const offset = left.rel.fields.length;
  const inner = [...left.rel.fields, ...joinedFields(left.rel.fields, right.rel.fields, 'none').slice(offset)];
  const sources = [...left.sources, ...right.sources.map((source) => shifted(source, offset))];
  const condition = conditionFor(item, left, right, inner, sources, env);
  const nulls = ({ inner: 'none', left: 'right', right: 'left', full: 'both' } as const)[type];
  const fields = joinedFields(left.rel.fields, right.rel.fields, nulls);
  const rel =
    id === undefined
      ? ({
          kind: 'join',
          type,
          left: left.rel,
          right: right.rel,
          condition: condition.rex,
          fields,
          ...kept(left, right, env),
        } as const)
      : correlate(item, left.rel, right.rel, id, condition.rex, fields, env);
  return { rel, sources, star: starOf(left, right, fields, condition.common, type, env, item) };
}

/** How long the rows of the sides are kept, where a hint says so. */
function kept(left: FromResult, right: FromResult, { ttls }: QueryEnv): Pick<JoinRel, 'ttlMs'> {
  const [ofLeft, ofRight] = [ttlOf(left.sources, ttls), ttlOf(right.sources, ttls)];
  if (ofLeft === undefined && ofRight === undefined) return {};
  return {
    ttlMs: { ...(ofLeft === undefined ? {} : { left: ofLeft }), ...(ofRight === undefined ? {} : { right: ofRight }) },
  };
}

function shifted(source: Source, by: number): Source {
  return { ...source, columns: source.columns.map(({ name, index }) => ({ name, index: index + by })) };
}

function starOf(
  left: FromResult,
  right: FromResult,
  fields: readonly PlanField[],
  common: readonly string[],
  type: JoinType,
  { binder }: QueryEnv,
  item: Join,
): StarColumn[] {
  const offset = left.rel.fields.length;
  const typed = (rex: Rex, by: number): Rex =>
    mapRexDeep(rex, (one) => {
      if (one.kind !== 'input') return one;
      return inputRef(one.index + by, (fields[one.index + by] as PlanField).type);
    });
  const lefts = left.star.map(({ name, rex }) => ({ name, rex: typed(rex, 0) }));
  const rights = right.star.map(({ name, rex }) => ({ name, rex: typed(rex, offset) }));
  const merged = common.map((name): StarColumn => {
    const a = (lefts.find((column) => column.name === name) as StarColumn).rex;
    const b = (rights.find((column) => column.name === name) as StarColumn).rex;
    if (type === 'full') return { name, rex: buildCall('COALESCE', [a, b], binder.site(item)) };
    return { name, rex: type === 'right' ? b : a };
  });
  const rest = (columns: readonly StarColumn[]) => columns.filter(({ name }) => !common.includes(name));
  return [...merged, ...rest(lefts), ...rest(rights)];
}

function conditionFor(
  item: Join,
  left: FromResult,
  right: FromResult,
  fields: readonly PlanField[],
  sources: readonly Source[],
  env: QueryEnv,
): { readonly rex: Rex; readonly common: readonly string[] } {
  const { binder } = env;
  const named = item.type === 'INNER' || item.type === 'LEFT' || item.type === 'RIGHT' || item.type === 'FULL';
  if (item.natural && (item.on !== undefined || item.using !== undefined)) {
    throw binder.invalid('Cannot specify NATURAL keyword with ON or USING clause', item.on ?? item.using?.[0] ?? item);
  }
  if (!named && (item.on !== undefined || item.using !== undefined || (item.natural && item.type === 'CROSS'))) {
    throw binder.invalid(
      `Cannot specify condition (NATURAL keyword, or ON or USING clause) following ${item.type} JOIN`,
      item,
    );
  }
  if (item.natural) {
    const common = left.star
      .filter(({ name }) => right.star.some((other) => other.name === name))
      .map(({ name }) => name);
    return equal([...new Set(common)], left, right, item, env);
  }
  if (item.using !== undefined) {
    for (const column of item.using) checkUsing(column, left, right, env);
    const names = item.using.map(({ name }) => name);
    return equal(names, left, right, item, env);
  }
  if (item.on === undefined) {
    if (named) {
      throw binder.invalid(
        'INNER, LEFT, RIGHT or FULL join requires a condition (NATURAL keyword or ON or USING clause)',
        item,
        'write JOIN t ON a.id = t.id, or CROSS JOIN t for every pair',
      );
    }
    return { rex: TRUE, common: [] };
  }
  const offset = left.rel.fields.length;
  const star = [
    ...left.star,
    ...right.star.map(({ name, rex }) => ({
      name,
      rex: reindexed(
        rex,
        right.rel.fields.map((_, i) => i + offset),
      ),
    })),
  ];
  const scope = new Scope(fields, sources, star, env.outer);
  return { rex: conditionOf(item.on, { ...env, scope, clause: 'ON' }, 'ON'), common: [] };
}

function checkUsing(column: Identifier, left: FromResult, right: FromResult, { binder }: QueryEnv): void {
  for (const side of [left, right]) {
    const found = side.star.filter(({ name }) => name === column.name);
    if (found.length === 0)
      throw binder.invalid(
        `Column '${column.name}' not found in any table`,
        column,
        'USING takes columns that both tables have',
      );
    if (found.length > 1)
      throw binder.invalid(
        `Column name '${column.name}' in NATURAL join or USING clause is not unique on one side of join`,
        column,
      );
  }
}

function equal(names: readonly string[], left: FromResult, right: FromResult, item: Join, { binder }: QueryEnv) {
  const offset = left.rel.fields.length;
  const site = binder.site(item);
  const parts = names.map((name): Rex => {
    const columns = [left, right].map((side) => {
      const found = side.star.filter((column) => column.name === name);
      if (found.length > 1) {
        throw binder.invalid(
          `Column name '${name}' in NATURAL join or USING clause is not unique on one side of join`,
          item,
        );
      }
      return (found[0] as StarColumn).rex;
    });
    const [a, b] = columns as [Rex, Rex];
    if (leastRestrictive([a.type, b.type]) === undefined) {
      throw binder.invalid(
        `Column '${name}' matched using NATURAL keyword or USING clause has incompatible types: cannot compare '${a.type}' to '${b.type}'`,
        item,
      );
    }
    return buildCall(
      '=',
      [
        a,
        reindexed(
          b,
          right.rel.fields.map((_, i) => i + offset),
        ),
      ],
      site,
    );
  });
  if (parts.length === 0) return { rex: TRUE as Rex, common: names };
  return { rex: parts.reduce((one, other) => buildCall('AND', [one, other], site)), common: names };
}

function correlate(
  item: Join,
  left: Rel,
  right: Rel,
  id: number,
  condition: Rex,
  fields: readonly PlanField[],
  { binder }: QueryEnv,
): Rel {
  const type = TYPES[item.type];
  if (type !== 'inner' && type !== 'left') {
    throw binder.invalid(
      `${item.type} JOIN with a table that refers to the left one is not possible`,
      item,
      'only CROSS JOIN and LEFT JOIN are',
    );
  }
  const always = condition.kind === 'literal' && condition.value === true;
  if (type === 'inner') {
    const made: Rel = { kind: 'correlate', type, id, left, right, fields };
    return always ? made : { kind: 'filter', input: made, condition, fields };
  }
  if (always) return { kind: 'correlate', type, id, left, right, fields };
  // A row of the left that no row of the right passes the condition with is kept, so the condition belongs to the right.
  const offset = left.fields.length;
  const within = mapRexDeep(condition, (one): Rex => {
    if (one.kind !== 'input') return one;
    if (one.index >= offset) return { ...one, index: one.index - offset };
    const { name } = left.fields[one.index] as PlanField;
    return { kind: 'correlated', id, index: one.index, name, type: one.type };
  });
  const filtered: Rel = { kind: 'filter', input: right, condition: within, fields: right.fields };
  return { kind: 'correlate', type, id, left, right: filtered, fields };
}
