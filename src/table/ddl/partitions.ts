import { type CatalogTable, pathText } from '../catalog/index.js';
import type { PartitionSpec } from '../sql/ast/columns.js';
import type { Literal } from '../sql/ast/literals.js';
import type { Name } from '../sql/ast/names.js';
import { unparseExpression } from '../sql/unparse/index.js';
import { type StatementContext, wrong } from './context.js';

/** A partition: a text for each column of PARTITIONED BY, in their order. */
type Partition = NonNullable<CatalogTable['partitions']>[number];

/**
 * ALTER TABLE ... ADD PARTITION and DROP PARTITION. As in Flink's catalog in memory, they are names in a list, and change
 * nothing about what a connector reads.
 *
 * @see Flink: ALTER Statements, ADD PARTITION
 */
export function addPartition(
  table: CatalogTable,
  spec: PartitionSpec,
  { name, ifNotExists }: { readonly name: Name; readonly ifNotExists: boolean },
  context: StatementContext,
): CatalogTable {
  const made = partitionOf(table, spec, name, context);
  const { partitions = [] } = table;
  if (!partitions.some((one) => same(one, made))) return { ...table, partitions: [...partitions, made] };
  if (ifNotExists) return table;
  throw wrong(
    `Partition ${specText(made)} of table ${nameText(table)} in catalog ${table.path[0]} already exists.`,
    name,
    context,
    'write ADD IF NOT EXISTS PARTITION',
  );
}

export function dropPartition(
  table: CatalogTable,
  spec: PartitionSpec,
  { name, ifExists }: { readonly name: Name; readonly ifExists: boolean },
  context: StatementContext,
): CatalogTable {
  const gone = partitionOf(table, spec, name, context);
  const { partitions: before = [] } = table;
  const partitions = before.filter((one) => !same(one, gone));
  if (partitions.length < before.length || ifExists) return { ...table, partitions };
  throw wrong(
    `Partition ${specText(gone)} of table ${nameText(table)} in catalog ${table.path[0]} does not exist.`,
    name,
    context,
    'write DROP IF EXISTS PARTITION',
  );
}

/** `a=1/b=x`, those that have the values of `spec`. */
export function partitionNames(
  table: CatalogTable,
  name: Name,
  spec: PartitionSpec | undefined,
  context: StatementContext,
): string[] {
  if (table.partitionedBy.length === 0) throw notPartitioned(table, name, context);
  const wanted = spec === undefined ? {} : valuesOf(table, spec, name, context);
  return (table.partitions ?? [])
    .filter((one) => Object.entries(wanted).every(([key, value]) => one[key] === value))
    .map((one) => table.partitionedBy.map((key) => `${key}=${one[key]}`).join('/'))
    .sort();
}

function partitionOf(table: CatalogTable, spec: PartitionSpec, name: Name, context: StatementContext): Partition {
  if (table.partitionedBy.length === 0) throw notPartitioned(table, name, context);
  const values = valuesOf(table, spec, name, context);
  if (table.partitionedBy.some((key) => values[key] === undefined)) throw mismatch(table, name, values, context);
  return values;
}

function valuesOf(table: CatalogTable, spec: PartitionSpec, name: Name, context: StatementContext): Partition {
  const values = Object.fromEntries(
    spec.flatMap(({ name: key, value }) => (value === undefined ? [] : [[key.name, textOf(value)]])),
  );
  if (spec.some(({ name: key }) => !table.partitionedBy.includes(key.name)))
    throw mismatch(table, name, values, context);
  return values;
}

function textOf(literal: Literal): string {
  switch (literal.kind) {
    case 'string':
      return literal.value;
    case 'datetime':
      return literal.text;
    default:
      return unparseExpression(literal);
  }
}

const same = (a: Partition, b: Partition): boolean => Object.entries(a).every(([key, value]) => b[key] === value);
const nameText = ({ path }: CatalogTable): string => pathText(path.slice(1));
const specText = (values: Partition): string =>
  `CatalogPartitionSpec{{${Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')}}}`;

function notPartitioned(table: CatalogTable, node: Name, context: StatementContext): Error {
  return wrong(
    `Table ${nameText(table)} in catalog ${table.path[0]} is not partitioned.`,
    node,
    context,
    'CREATE TABLE ... PARTITIONED BY (...) says by what',
  );
}

function mismatch(table: CatalogTable, node: Name, values: Partition, context: StatementContext): Error {
  return wrong(
    `PartitionSpec ${specText(values)} does not match partition keys [${table.partitionedBy.join(', ')}] of table ${nameText(table)} in catalog ${table.path[0]}.`,
    node,
    context,
    `PARTITION (${table.partitionedBy.map((key) => `${key} = ...`).join(', ')})`,
  );
}
