import { ValidationError } from './errors.js';
import type { Statement } from './sql/ast/statements.js';

const IN_MEMORY = 'org.apache.flink.table.catalog.GenericInMemoryCatalog';

/** What Flink answers in streaming mode to statements that it reads and does not carry out. */
function answerOf(statement: Statement): string | undefined {
  switch (statement.kind) {
    case 'analyze':
      return 'ANALYZE TABLE is not supported for streaming mode now';
    case 'truncate':
      return 'TRUNCATE TABLE statement is not supported in streaming mode.';
    case 'update':
      return 'UPDATE statement is not supported for streaming mode now.';
    case 'delete':
      return 'DELETE statement is not supported for streaming mode now.';
    case 'callProcedure':
      return `getProcedure is not implemented for class ${IN_MEMORY}.`;
    default:
      return undefined;
  }
}

/** The error for a statement that Flink refuses too; `undefined` for what is missing here alone. */
export function refusal(statement: Statement, sql: string): ValidationError | undefined {
  const answer = answerOf(statement);
  if (answer === undefined) return undefined;
  return new ValidationError(answer, {
    span: statement.span,
    sql,
    hint: 'the rows of a stream are changed by queries: INSERT INTO ... SELECT ...',
  });
}
