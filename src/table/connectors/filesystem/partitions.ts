import { relative, sep } from 'node:path';
import type { AnyType } from '../../../core/types/index.js';
import { dateText, decimalText, doubleText, floatText, timeText } from '../../../core/values/index.js';
import { fromText } from '../../../formats/index.js';
import type { PlanField } from '../../plan/field.js';
import type { TableDescription } from '../contract.js';
import { localDateTimeText } from '../java-text.js';
import { optionError } from '../options.js';

/** How a partition is called that holds NULL, or an empty text. */
export const DEFAULT_PARTITION = '__DEFAULT_PARTITION__';

const ESCAPED = /[\p{Cc}"#%'*/:=?\\{}[\]^]/gu;
/** Windows takes no file names with these, or with a dot or a space at the end. */
const ESCAPED_ON_WINDOWS = /[\p{Cc}"#%'*/:=?\\{}[\]^<>|]|[. ]$/gu;

const hex = (letter: string): string => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** A value as part of a path. @see Flink: `PartitionPathUtils.escapePathName` */
export function escapePathName(text: string, platform: NodeJS.Platform = process.platform): string {
  return text.replace(platform === 'win32' ? ESCAPED_ON_WINDOWS : ESCAPED, hex);
}

/** @see Flink: `PartitionPathUtils.unescapePathName` */
export function unescapePathName(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** What a partition column's value looks like in a path. */
function partitionText(type: AnyType, column: string, table: TableDescription): (value: unknown) => string {
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return String;
    case 'FLOAT':
      return (value) => floatText(value as number);
    case 'DOUBLE':
      return (value) => doubleText(value as number);
    case 'DECIMAL':
      return (value) => decimalText(value as number | bigint, type.scale);
    case 'DATE':
      return (value) => dateText(value as number);
    case 'TIME':
      return (value) => timeText(value as number, type.precision);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return localDateTimeText;
    default:
      throw optionError(table, `PARTITIONED BY \`${column}\`: a ${type} cannot be part of a path`);
  }
}

/** The partition columns of a table, in the order of PARTITIONED BY. */
export class Partitions {
  readonly fields: readonly PlanField[];
  private readonly texts: readonly ((value: unknown) => string)[];

  constructor(
    private readonly table: TableDescription,
    private readonly defaultName: string,
  ) {
    this.fields = table.partitionedBy.map((name) => {
      const field = table.fields.find((one) => one.name === name);
      if (field !== undefined) return field;
      throw optionError(
        table,
        `Partition column '${name}' not defined in the table schema`,
        `columns: ${table.fields.map((one) => one.name).join(', ')}`,
      );
    });
    this.texts = this.fields.map(({ type, name }) => partitionText(type, name, table));
    if (this.fields.length > 0 && this.fields.length === table.fields.length - table.metadata.length) {
      throw optionError(table, 'all columns are PARTITIONED BY', 'at least one has to be in the files');
    }
  }

  /** `day=2024-05-01/hour=12` */
  pathOf(row: { readonly [column: string]: unknown }): string {
    return this.fields
      .map(({ name }, i) => {
        const value = row[name];
        const text = value === null || value === undefined ? '' : (this.texts[i] as (value: unknown) => string)(value);
        return `${escapePathName(name)}=${text === '' ? this.defaultName : escapePathName(text)}`;
      })
      .join('/');
  }

  /** The texts of a path's partitions by column; `undefined`: the file lies outside of all partitions. */
  textsOf(root: string, file: string): ReadonlyMap<string, string | null> | undefined {
    const folders = relative(root, file).split(sep).slice(0, -1);
    const found = new Map<string, string | null>();
    for (const folder of folders) {
      const at = folder.indexOf('=');
      if (at < 0) continue;
      const text = folder.slice(at + 1);
      found.set(unescapePathName(folder.slice(0, at)), text === this.defaultName ? null : unescapePathName(text));
    }
    return this.fields.every(({ name }) => found.has(name)) ? found : undefined;
  }

  /** Makes the function that gives a partition column's value of a path. */
  reader(column: string): (texts: ReadonlyMap<string, string | null>, file: string) => unknown {
    const { type } = this.fields.find(({ name }) => name === column) as PlanField;
    const read = fromText(type, ';');
    return (texts, file) => {
      const text = texts.get(column) ?? null;
      if (text === null) return null;
      const value = read(text);
      if (value !== undefined) return value;
      throw optionError(this.table, `the partition \`${column}\` = '${text}' is no ${type.nullable()}: ${file}`);
    };
  }
}
