import { readdirSync, readFileSync } from 'node:fs';
import { type Row, rowClassOf } from '../../../src/core/rows/index.js';
import { parseType, Schema } from '../../../src/core/types/index.js';
import { Table, type TableEnvironment, type TableResult } from '../../../src/table/index.js';
import { parseCase, type SqlCase } from '../../conformance/sql/cases.js';
import { tableOfPython } from '../../conformance/sql/table-api.js';
import { decoder } from '../../conformance/sql/values.js';

const folder = new URL('../../conformance/sql/cases/', import.meta.url);

/** Whether a cluster can be given the tables of a case as VALUES. */
function asValues(kase: SqlCase): boolean {
  return kase.tables.every(
    ({ ddl, changelogMode = 'I', kinds = [] }) =>
      String(changelogMode) === 'I' &&
      kinds.every((kind) => kind === '+I') &&
      !/WATERMARK|PROCTIME|PRIMARY KEY/i.test(ddl),
  );
}

/** The SQL and Table API cases that can run on a cluster as they are. */
export const cases: readonly SqlCase[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCase(readFileSync(new URL(name, folder), 'utf8')) as unknown as SqlCase)
  .filter(asValues);

/** The program of a case: its tables are collections in memory. */
export function programOf(kase: SqlCase): (t: TableEnvironment) => TableResult {
  return (t) => {
    for (const [key, value] of Object.entries(kase.config ?? {})) t.config.set(key, value);
    for (const { name, schema: columns, rows } of kase.tables) {
      const schema = new Schema(columns.map(([column, text]) => ({ name: column, type: parseType(text) })));
      const convert = schema.fields.map((field) => decoder(field.type, `${name}.${field.name}`));
      const made = rows.map((row): Row => rowClassOf(schema).of(row.map((value, i) => convert[i]?.(value))));
      t.createTemporaryView(name, t.fromRows(made, { schema }) as unknown as Table);
    }
    for (const statement of kase.setup ?? []) t.executeSql(statement);
    if (kase.sql !== undefined) return t.executeSql(kase.sql);
    const names = kase.tables.map(({ name }) => name);
    const made = tableOfPython(kase.tableApi ?? '', t, names);
    return made instanceof Table ? made.execute() : made;
  };
}
