import type { Row } from '../../core/rows/index.js';
import type { Catalog } from '../catalog/index.js';
import type { InlineScan, Rel } from '../plan/rel.js';
import type { AggregateCall, RexCall } from '../plan/rex.js';
import { quoteText } from '../sql/unparse/index.js';
import { functionCall } from './functions/call.js';
import { FunctionRefusal } from './functions/refusal.js';
import { flinkQueryText } from './queries.js';
import { NotInFlinkSqlError } from './refusal.js';
import { callsUserFunction } from './user-calls.js';

/** So many rows of a collection are written out. */
const SHOWN_ROWS = 3;

/** What a cluster would be sent for a query, for people: long collections are cut, and a refusal is a comment. */
export function explainedFlinkSql(
  rel: Rel,
  catalog: Catalog,
  timeZone: string,
  rowsOf: (scan: InlineScan) => readonly Row[] | undefined,
): string {
  const notes: string[] = [];
  try {
    const text = flinkQueryText(rel, {
      catalog,
      timeZone,
      callsUser: callsUserFunction,
      rowsOf: (scan) => {
        const rows = rowsOf(scan);
        if (rows === undefined || rows.length <= SHOWN_ROWS) return rows;
        notes.push(`-- ${scan.name}: ${SHOWN_ROWS} of ${rows.length} rows are shown`);
        return rows.slice(0, SHOWN_ROWS);
      },
      userCall: (call, operands) => {
        const { text, javascript } = explainedCall(catalog, call, operands);
        for (const note of javascript) if (!notes.includes(note)) notes.push(note);
        return text;
      },
    });
    return [...notes, text].join('\n');
  } catch (error) {
    if (error instanceof NotInFlinkSqlError) return error.message.replace(/^\[.*?\] /, '').replace(/^/gm, '-- ');
    throw error;
  }
}

/** Long sources are written once, in front. */
function explainedCall(
  catalog: Catalog,
  call: RexCall | AggregateCall,
  operands: readonly string[],
): { readonly text: string; readonly javascript: readonly string[] } {
  try {
    const { text, javascript } = functionCall(catalog.functions, call, operands);
    if (javascript === undefined) return { text, javascript: [] };
    const [head = '', ...lines] = javascript.split('\n');
    const label = /^\/\/@ ([^:]*)/.exec(head)?.[1] ?? call.function;
    const shown = `-- ${label} is sent as JavaScript:`;
    return {
      text: text.replace(quoteText(javascript), `<${label}>`),
      javascript: [shown, ...lines.map((line) => `--   ${line.replace(/ {40,}/g, ' ').slice(0, 200)}`)],
    };
  } catch (error) {
    if (!(error instanceof FunctionRefusal)) throw error;
    const lines = error.message.replace(/^\[.*?\] /, '').split('\n');
    return { text: `${call.function}(${operands.join(', ')})`, javascript: lines.map((line) => `-- ${line}`) };
  }
}
