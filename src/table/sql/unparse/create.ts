import type {
  Column,
  Constraint,
  CreateFunction,
  CreateTable,
  Distribution,
  PartitionSpec,
  Property,
  Statement,
  TableElements,
  Watermark,
} from '../ast/index.js';
import { typeText } from './types.js';
import { identifierText, listText, nameText, quoteText, type Writers, words } from './writer.js';

export const propertiesText = (list: readonly Property[]): string =>
  `(${list.map(({ key, value }) => `${quoteText(key)} = ${quoteText(value)}`).join(', ')})`;
export const keysText = (keys: readonly string[]): string => `(${keys.map(quoteText).join(', ')})`;
export const withText = (list: readonly Property[]): string =>
  list.length === 0 ? '' : `WITH ${propertiesText(list)}`;
export const partitionText = (w: Writers, spec: PartitionSpec): string =>
  `(${spec.map(({ name, value }) => words(identifierText(name), value && `= ${w.expression(value)}`)).join(', ')})`;
export const commentText = (comment: string | undefined): string =>
  comment === undefined ? '' : `COMMENT ${quoteText(comment)}`;

export function constraintText({ name, type, columns, enforced }: Constraint): string {
  const state = enforced !== undefined && (enforced ? 'ENFORCED' : 'NOT ENFORCED');
  return words(name && `CONSTRAINT ${identifierText(name)}`, type, columns && listText(columns), state);
}

export function columnText(w: Writers, node: Column): string {
  const { name, comment } = node;
  const more = commentText(comment);
  if (node.kind === 'computedColumn') return words(nameText(name), 'AS', w.expression(node.expression), more);
  const type = typeText(node.type);
  if (node.kind === 'physicalColumn') {
    return words(nameText(name), type, node.constraint && constraintText(node.constraint), more);
  }
  const from = node.from !== undefined && `FROM ${quoteText(node.from)}`;
  return words(nameText(name), type, 'METADATA', from, node.virtual && 'VIRTUAL', more);
}

export const watermarkText = (w: Writers, { column, expression }: Watermark): string =>
  `WATERMARK FOR ${nameText(column)} AS ${w.expression(expression)}`;

export function distributionText({ algorithm, columns, buckets }: Distribution): string {
  const by = columns.length > 0 && `BY ${algorithm ?? ''}${listText(columns)}`;
  return words(by, buckets !== undefined && `INTO ${buckets} BUCKETS`);
}

function elementsText(w: Writers, { columns, constraints, watermark }: TableElements): string {
  const list = [...columns.map((column) => columnText(w, column)), ...constraints.map(constraintText)];
  if (watermark !== undefined) list.push(watermarkText(w, watermark));
  return `(${list.join(', ')})`;
}

const partitionedText = (columns: Parameters<typeof listText>[0]): string =>
  columns.length === 0 ? '' : `PARTITIONED BY ${listText(columns)}`;
const exists = (ifNotExists: boolean): string => (ifNotExists ? 'IF NOT EXISTS' : '');
const create = ({ orReplace, temporary }: { orReplace: boolean; temporary: boolean }): string =>
  words('CREATE', orReplace && 'OR REPLACE', temporary && 'TEMPORARY');

function tableText(w: Writers, node: CreateTable): string {
  const { like } = node;
  const options = like?.options.map(({ strategy, feature }) => `${strategy} ${feature}`);
  return words(
    node.replace ? words('REPLACE', node.temporary && 'TEMPORARY') : create(node),
    'TABLE',
    exists(node.ifNotExists),
    nameText(node.name),
    node.hasElements && elementsText(w, node),
    commentText(node.comment),
    node.distribution && `DISTRIBUTED ${distributionText(node.distribution)}`,
    partitionedText(node.partitionedBy),
    withText(node.options),
    like && words('LIKE', nameText(like.table), options && options.length > 0 && `(${options.join(' ')})`),
    node.query && `AS ${w.query(node.query)}`,
  );
}

function functionText(node: CreateFunction): string {
  const jars = node.jars.map((jar) => `JAR ${quoteText(jar)}`).join(', ');
  return words(
    create(node),
    node.system && 'SYSTEM',
    'FUNCTION',
    exists(node.ifNotExists),
    nameText(node.name),
    `AS ${quoteText(node.className)}`,
    node.language && `LANGUAGE ${node.language}`,
    jars !== '' && `USING ${jars}`,
  );
}

/** A CREATE statement, if it is one. */
export function createText(w: Writers, node: Statement): string | undefined {
  switch (node.kind) {
    case 'createTable':
      return tableText(w, node);
    case 'createMaterializedTable':
      return words(
        'CREATE MATERIALIZED TABLE',
        nameText(node.name),
        node.constraint && `(${constraintText(node.constraint)})`,
        commentText(node.comment),
        partitionedText(node.partitionedBy),
        withText(node.options),
        `FRESHNESS = ${w.expression(node.freshness)}`,
        node.refreshMode && `REFRESH_MODE = ${node.refreshMode}`,
        `AS ${w.query(node.query)}`,
      );
    case 'createView': {
      const columns = node.columns && listText(node.columns);
      const query = `AS ${w.query(node.query)}`;
      return words(
        create(node),
        'VIEW',
        exists(node.ifNotExists),
        nameText(node.name),
        columns,
        commentText(node.comment),
        query,
      );
    }
    case 'createFunction':
      return functionText(node);
    case 'createDatabase':
    case 'createCatalog': {
      const what = node.kind === 'createDatabase' ? 'DATABASE' : 'CATALOG';
      const name = words(exists(node.ifNotExists), nameText(node.name));
      return words(create(node), what, name, commentText(node.comment), withText(node.options));
    }
    case 'createModel':
      return words(
        create(node),
        'MODEL',
        exists(node.ifNotExists),
        nameText(node.name),
        node.input && `INPUT ${elementsText(w, node.input)}`,
        node.output && `OUTPUT ${elementsText(w, node.output)}`,
        commentText(node.comment),
        withText(node.options),
        node.query && `AS ${w.query(node.query)}`,
      );
    default:
      return undefined;
  }
}
