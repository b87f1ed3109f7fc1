import type { Row } from '../../core/rows/index.js';
import type { Catalog } from '../catalog/index.js';
import type { InlineScan, Rel } from '../plan/rel.js';
import { flinkQueryText } from './queries.js';
import { NotInFlinkSqlError } from './refusal.js';
import { callsUserFunction } from './user-calls.js';

/** So many rows of a collection are written out. */
const SHOWN_ROWS = 3;

/** What a cluster would be sent for a query, for people: long collections are cut, and a refusal is a comment. */
export function explainedFlinkSql(
  rel: Rel,
  catalog: Catalog,
  rowsOf: (scan: InlineScan) => readonly Row[] | undefined,
): string {
  const notes: string[] = [];
  try {
    const text = flinkQueryText(rel, {
      catalog,
      callsUser: callsUserFunction,
      rowsOf: (scan) => {
        const rows = rowsOf(scan);
        if (rows === undefined || rows.length <= SHOWN_ROWS) return rows;
        notes.push(`-- ${scan.name}: ${SHOWN_ROWS} of ${rows.length} rows are shown`);
        return rows.slice(0, SHOWN_ROWS);
      },
      userCall: ({ function: name }, operands) => {
        const note = `-- ${name} is a function of TypeScript: a cluster has none of it`;
        if (!notes.includes(note)) notes.push(note);
        return `${name}(${operands.join(', ')})`;
      },
    });
    return [...notes, text].join('\n');
  } catch (error) {
    if (error instanceof NotInFlinkSqlError) return error.message.replace(/^\[.*?\] /, '').replace(/^/gm, '-- ');
    throw error;
  }
}
