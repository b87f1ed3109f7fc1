import { ValidationError } from '../../errors.js';
import type { PlannerContext, ScanSource } from '../../physical/context.js';
import { modifyKindsOf, updateKindOf } from '../../physical/modify-kinds.js';
import { type Key, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import type { PlanField } from '../../plan/field.js';
import type { InlineScan, Scan } from '../../plan/rel.js';
import { rule } from '../rules.js';
import { makeChangelogNormalize } from './changelog-normalize.js';
import { names } from './support.js';

export interface TableScan {
  /** What is read, so that plans can tell one table from another. */
  readonly identity: unknown;
  readonly source: ScanSource;
}

/** Reads a table. */
export const TABLE_SCAN: NodeKind<TableScan> = {
  name: 'TableSourceScan',
  produces: (node) => modifyKindsOf(node.detail.source.changelogMode),
  requires: () => [],
  updates: (node) => updateKindOf(node.detail.source.changelogMode),
  upsertKeys: (node) => {
    const key = keyColumns(node.fields, node.detail.source);
    return key === undefined ? [] : [key];
  },
  describe: (node) => `table=[[${node.detail.source.name}]], fields=[${names(node.fields)}]`,
  translate: (node, _inputs, { env }) => node.detail.source.stream(env, node.fields),
};

function keyColumns(fields: readonly PlanField[], { primaryKey }: ScanSource): Key | undefined {
  const key = primaryKey?.map((name) => fields.findIndex((field) => field.name === name));
  return key?.includes(-1) === true ? undefined : key;
}

/** The key of a table whose changes come without old versions; `undefined`: they do not. */
export function changesByKey({ changelogMode, primaryKey }: ScanSource): readonly string[] | undefined {
  return changelogMode.updateAfter && !changelogMode.updateBefore ? primaryKey : undefined;
}

function scan(rel: Scan | InlineScan, context: PlannerContext): PhysicalNode {
  const source = context.scan(rel);
  if (source.lookup !== undefined) {
    throw new ValidationError(`the table '${source.name}' gives the rows of a key, and cannot be read as a whole`, {
      hint: 'JOIN it FOR SYSTEM_TIME AS OF a processing time of the other table: FOR SYSTEM_TIME AS OF o.proctime',
    });
  }
  const node = makeNode(TABLE_SCAN, rel.fields, [], {
    identity: rel.kind === 'scan' ? [rel.table, rel.options ?? {}] : rel.id,
    source,
  });
  const { updateAfter, updateBefore } = source.changelogMode;
  if (!updateAfter || updateBefore) return node;
  const key = keyColumns(rel.fields, source);
  if (key === undefined) {
    throw new ValidationError(
      `Table '${source.name}' produces a changelog stream that contains UPDATE_AFTER but no UPDATE_BEFORE. This requires defining a primary key constraint on the table.`,
    );
  }
  return makeChangelogNormalize(node, key);
}

export const SCAN_RULE = rule('scan', (rel, _input, context) => scan(rel, context));
export const INLINE_SCAN_RULE = rule('inlineScan', (rel, _input, context) => scan(rel, context));
