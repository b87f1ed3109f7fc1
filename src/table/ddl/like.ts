import { pathText, suggestion } from '../catalog/index.js';
import type { LikeOption, TableLike } from '../sql/ast/columns.js';
import { type StatementContext, wrong } from './context.js';
import { type DraftColumn, draftOf, type TableDraft } from './draft.js';

type Feature = Exclude<LikeOption['feature'], 'ALL'>;
type Strategy = LikeOption['strategy'];

/** What Flink does where nothing is said. */
const USUAL: Readonly<Record<Feature, Strategy>> = {
  OPTIONS: 'OVERWRITING',
  WATERMARKS: 'INCLUDING',
  CONSTRAINTS: 'INCLUDING',
  DISTRIBUTION: 'INCLUDING',
  PARTITIONS: 'INCLUDING',
  METADATA: 'INCLUDING',
  GENERATED: 'INCLUDING',
};

/**
 * CREATE TABLE ... LIKE: what the other table has, and what is written besides.
 *
 * @see Flink: CREATE Statements, LIKE
 */
export function mergeLike(own: TableDraft, like: TableLike, context: StatementContext): TableDraft {
  const { catalog, sql } = context;
  const parts = like.table.parts.map(({ name }) => name);
  const path = catalog.path(parts, { span: like.table.span, sql });
  const found = catalog.find(path);
  if (found === undefined) {
    const { line, column } = like.table.span;
    const names = catalog.objects(path[0], path[1]).map((object) => object.path[2]);
    throw wrong(
      `Source table '\`${path.join('`.`')}\`' of the LIKE clause not found in the catalog, at line ${line}, column ${column}`,
      like.table,
      context,
      suggestion(path[2], names, 'tables').hint,
    );
  }
  if (found.kind === 'view')
    throw wrong(`Source table '${pathText(found.path)}' of the LIKE clause can not be a VIEW`, like.table, context);
  const source = draftOf(found);
  const strategy = strategies(like, context);
  const conflict = (what: string): never => {
    throw wrong(`${what}. You might want to specify EXCLUDING or OVERWRITING in the LIKE clause.`, like, context);
  };

  const columns = new Map<string, DraftColumn>();
  for (const column of source.columns) {
    const feature = column.kind === 'computed' ? 'GENERATED' : column.kind === 'metadata' ? 'METADATA' : undefined;
    if (feature === undefined || strategy[feature] !== 'EXCLUDING') columns.set(column.name, column);
  }
  for (const column of own.columns) {
    const other = columns.get(column.name);
    if (other !== undefined) {
      const feature = other.kind === 'computed' ? 'GENERATED' : other.kind === 'metadata' ? 'METADATA' : undefined;
      if (feature === undefined || other.kind !== column.kind) {
        throw wrong(`A column named '${column.name}' already exists in the base table.`, like, context);
      }
      if (strategy[feature] !== 'OVERWRITING') {
        conflict(
          feature === 'GENERATED'
            ? `A generated column named '${column.name}' already exists in the base table`
            : `A metadata column named '${column.name}' already exists in the base table`,
        );
      }
    }
    columns.set(column.name, column);
  }

  const nothing = like.options.some((one) => one.feature === 'ALL' && one.strategy === 'EXCLUDING');
  const one = <T>(feature: Feature, mine: T | undefined, theirs: T | undefined, message: string): T | undefined => {
    if (theirs === undefined) return mine;
    // EXCLUDING of these two alone lets them differ, but leaves none out.
    const kept = (feature === 'PARTITIONS' || feature === 'DISTRIBUTION') && !nothing;
    if (strategy[feature] === 'EXCLUDING') return mine ?? (kept ? theirs : undefined);
    if (mine === undefined) return theirs;
    if (strategy[feature] !== 'OVERWRITING') conflict(message);
    return mine;
  };
  const watermark = one(
    'WATERMARKS',
    own.watermark,
    source.watermark,
    'There already exists a watermark spec for column in the base table',
  );
  const primaryKey = one('CONSTRAINTS', own.primaryKey, source.primaryKey, 'The base table already has a primary key');
  const partitions = one(
    'PARTITIONS',
    own.partitionedBy.length === 0 ? undefined : own.partitionedBy,
    source.partitionedBy.length === 0 ? undefined : source.partitionedBy,
    'The base table already has partitions defined',
  );
  const distribution = one(
    'DISTRIBUTION',
    own.distribution,
    source.distribution,
    'The base table already has a distribution defined',
  );
  return {
    columns: [...columns.values()],
    ...(watermark === undefined ? {} : { watermark }),
    ...(primaryKey === undefined ? {} : { primaryKey }),
    partitionedBy: partitions ?? [],
    ...(distribution === undefined ? {} : { distribution }),
    options: mergeOptions(own.options, source.options, strategy.OPTIONS, conflict),
    // A table's comment is its own.
    ...(own.comment === undefined ? {} : { comment: own.comment }),
  };
}

function mergeOptions(
  own: Readonly<Record<string, string>>,
  source: Readonly<Record<string, string>>,
  strategy: Strategy,
  conflict: (what: string) => never,
): Record<string, string> {
  if (strategy === 'EXCLUDING') return { ...own };
  if (strategy === 'INCLUDING') {
    const both = Object.keys(own).find((key) => Object.hasOwn(source, key));
    if (both !== undefined)
      conflict(`There already exists an option ['${both}' -> '${source[both]}'] in the base table`);
  }
  return { ...source, ...own };
}

function strategies(like: TableLike, context: StatementContext): Record<Feature, Strategy> {
  const made = { ...USUAL };
  const named = new Set<string>();
  const all = like.options.find(({ feature }) => feature === 'ALL');
  if (all !== undefined) {
    for (const feature of Object.keys(made) as Feature[]) made[feature] = all.strategy;
  }
  for (const { feature, strategy, ...node } of like.options) {
    if (feature === 'ALL' && strategy !== 'OVERWRITING') continue;
    if (
      strategy === 'OVERWRITING' &&
      (feature === 'ALL' || feature === 'CONSTRAINTS' || feature === 'PARTITIONS' || feature === 'DISTRIBUTION')
    ) {
      throw wrong(`Illegal merging strategy 'OVERWRITING' for '${feature}' option.`, node, context);
    }
    if (named.has(feature)) throw wrong('Each like option feature can be declared only once.', node, context);
    named.add(feature);
    made[feature as Feature] = strategy;
  }
  return made;
}
