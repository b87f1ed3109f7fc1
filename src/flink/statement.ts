import type { Row } from '../core/rows/index.js';
import { Schema } from '../core/types/index.js';
import type { Operation } from './gateway/operation.js';
import type { WirePage } from './gateway/protocol.js';
import type { GatewaySession } from './gateway/session.js';
import { columnsOf } from './gateway/types.js';
import { rowOfJson } from './gateway/values.js';

/** What one statement of Flink's own SQL gives, sent as it is. */
export interface StatementAnswer {
  readonly kind: 'ok' | 'job' | 'query' | 'list';
  readonly schema: Schema;
  /** Of a query and of an INSERT. */
  readonly jobId: string | undefined;
  rows(): AsyncGenerator<Row>;
  /** Ends a query. To be called in any case. */
  close(): Promise<void>;
}

/**
 * Sends a statement as it is written, and waits until it is known what it gives.
 *
 * @param timeZone of the session
 * @throws FlinkError, SqlSyntaxError, ValidationError
 */
export async function runStatement(
  session: GatewaySession,
  sql: string,
  timeZone: string,
  onSubmit: (operation: Operation) => void = () => {},
): Promise<StatementAnswer> {
  const operation = await session.submit(sql);
  onSubmit(operation);
  const pages = operation.pages();
  try {
    const first = await pages.next();
    const page: WirePage = first.done === true ? { resultType: 'EOS' } : first.value;
    const schema = new Schema(columnsOf(page.results?.columns ?? []));
    const make = rowOfJson(schema, timeZone);
    return {
      kind: kindOf(page),
      schema,
      jobId: page.jobID,
      close: async () => {
        await operation.close();
      },
      async *rows() {
        try {
          for (let next = first; next.done !== true; next = await pages.next()) {
            for (const row of next.value.results?.data ?? []) yield make(row);
          }
        } finally {
          await operation.close();
        }
      },
    };
  } catch (error) {
    await operation.close();
    throw error;
  }
}

function kindOf({ isQueryResult, jobID, resultKind }: WirePage): StatementAnswer['kind'] {
  if (isQueryResult === true) return 'query';
  if (jobID !== undefined) return 'job';
  return resultKind === 'SUCCESS' ? 'ok' : 'list';
}
