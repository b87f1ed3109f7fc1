import { ArgumentError } from '../../core/errors.js';
import { ValidationError } from '../errors.js';
import type { Rex } from '../plan/rex.js';
import type { ExpressionNode } from './node.js';

/** Refuses what Flink has not for streams, and says what there is. */
export function refused(what: string, instead: string): never {
  throw new ValidationError(`The ${what} operation on two unbounded tables is currently not supported.`, {
    hint: `use ${instead}`,
  });
}

/** A condition; @throws ValidationError for something else. */
export function boolean(rex: Rex, where: string): Rex {
  if (rex.type.root === 'BOOLEAN') return rex;
  throw new ValidationError(`${where}: the condition is ${rex.type}, not BOOLEAN`);
}

/** A number of rows. */
export function count(where: string, rows: number): number {
  if (Number.isSafeInteger(rows) && rows >= 0) return rows;
  throw new ArgumentError(`${where}(${rows}): not a number of rows`);
}

/** The name of the column that a node is. */
export function columnName(node: ExpressionNode): string {
  if (node.kind === 'column') return node.name;
  if (node.kind === 'order') return columnName(node.operand);
  throw new ArgumentError('a column is asked for here, and no expression', { hint: 'add it with addColumns() before' });
}

/** The old name and the new one. */
export function aliasOf(node: ExpressionNode): [string, string] {
  if (node.kind === 'alias') return [columnName(node.operand), node.name];
  throw new ArgumentError("renameColumns: write col('old').as('new')");
}
