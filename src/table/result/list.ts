import { type Row, rowClassOf } from '../../core/rows/index.js';
import { evaluationContext } from '../codegen/index.js';
import type { StatementResult } from '../ddl/index.js';
import { planSchema } from '../plan/field.js';
import { TableResult } from './table-result.js';
import { rowTexts } from './texts.js';

/** The result of a statement that reads no data. */
export function listResult({ fields, rows, ok }: StatementResult): TableResult {
  const schema = planSchema(fields);
  const RowOf = rowClassOf(schema);
  return new TableResult({
    schema,
    changes: false,
    ok,
    texts: (row: Row) => rowTexts(schema, evaluationContext())(row),
    rows: () => values(rows.map((row) => RowOf.of(row))),
  });
}

async function* values(rows: readonly Row[]): AsyncIterableIterator<Row> {
  for (const row of rows) yield row;
}
