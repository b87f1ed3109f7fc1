import { parseRowKind, type Row, rowClassOf, rowKind } from '../../../src/core/rows/index.js';
import { parseType, Schema } from '../../../src/core/types/index.js';
import type { DataStream, StreamExecutionEnvironment } from '../../../src/datastream/index.js';
import { type ScriptStep, scriptedStreams } from '../../../src/datastream/testing/index.js';
import type { TableConnector } from '../../../src/table/connectors/contract.js';
import { planSchema } from '../../../src/table/plan/field.js';
import type { Json } from '../cases.js';
import type { SqlCase, SqlTable } from './cases.js';
import { decoder } from './values.js';

/** What passed after each row when the cases were made. */
const PAUSE_MS = 15;

/** Feeds the rows of all tables of a case, one in flight at a time, in the order of its feed. */
export function rowsConnector(kase: SqlCase): TableConnector {
  const feed = kase.feed ?? kase.tables.flatMap((table) => table.rows.map((_, i) => [table.name, i] as const));
  let streams: Map<string, DataStream<Row>> | undefined;
  // What no plan reads is not waited for.
  const read = new Set<string>();
  const steps: ScriptStep<Row>[] = [];
  const script = (rows: readonly (readonly Row[])[]): void => {
    steps.length = 0;
    for (const [name, index] of feed) {
      const table = kase.tables.findIndex((one) => one.name === name);
      if (read.has(name))
        steps.push({ in: table + 1, value: (rows[table] as Row[])[index] as Row }, { pauseMs: PAUSE_MS });
    }
  };
  const open = (env: StreamExecutionEnvironment): Map<string, DataStream<Row>> => {
    const made = scriptedStreams(env, steps, kase.tables.length);
    return new Map(kase.tables.map((table, i) => [table.name, made[i] as DataStream<Row>]));
  };
  return {
    name: 'rows',
    source(description) {
      const table = kase.tables.find(({ name }) => name === description.identifier[2]);
      if (table === undefined) throw new Error(`no rows for ${description.identifier[2]}`);
      const letters = table.changelogMode ?? 'I';
      const words = Array.isArray(letters) ? (letters as string[]) : letters.split(/[,\s]+/);
      return {
        changelogMode: {
          insert: words.includes('I'),
          updateBefore: words.includes('UB'),
          updateAfter: words.includes('UA'),
          delete: words.includes('D'),
        },
        stream(env, columns) {
          read.add(table.name);
          script(kase.tables.map(rowsOf));
          streams ??= open(env);
          const stream = streams.get(table.name) as DataStream<Row>;
          const Narrow = rowClassOf(planSchema(columns));
          const names = columns.map(({ name }) => name);
          return stream.map((row) => {
            const made = Narrow.of(names.map((name) => row[name]));
            made[rowKind] = row[rowKind];
            return made;
          });
        },
      };
    },
  };
}

/** The rows of a table as the engine has them. */
function rowsOf(table: SqlTable): Row[] {
  const schema = schemaOfCase(table);
  const convert = schema.fields.map((field) => decoder(field.type, `${table.name}.${field.name}`));
  const RowOf = rowClassOf(schema);
  return table.rows.map((row, i) => {
    const made = RowOf.of(row.map((value: Json, column) => (convert[column] as (json: Json) => unknown)(value)));
    const kind = parseRowKind(table.kinds?.[i] ?? '+I');
    if (kind === undefined) throw new Error(`${table.name}: no row kind ${table.kinds?.[i]}`);
    made[rowKind] = kind;
    return made;
  });
}

function schemaOfCase(table: SqlTable): Schema {
  return new Schema(table.schema.map(([name, text]) => ({ name, type: parseType(text) })));
}
