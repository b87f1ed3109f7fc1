import type {
  DataType,
  Expression,
  FromItem,
  Identifier,
  IntervalQualifier,
  Name,
  Query,
  Statement,
} from '../ast/index.js';
import { RESERVED_WORDS } from '../lexer/keywords.js';

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `'it''s'`. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as Flink reads it back: between back-ticks unless it is a plain word that is not reserved. */
export function quoteIdentifier(name: string): string {
  return PLAIN.test(name) && !RESERVED_WORDS.has(name.toUpperCase()) ? name : `\`${name.replaceAll('`', '``')}\``;
}

export const identifierText = (identifier: Identifier): string =>
  identifier.quoted ? `\`${identifier.name.replaceAll('`', '``')}\`` : quoteIdentifier(identifier.name);
export const nameText = (name: Name): string => name.parts.map(identifierText).join('.');
export const listText = (list: readonly Identifier[]): string => `(${list.map(identifierText).join(', ')})`;

/** Pieces with single blanks between them; empty ones leave no trace. */
export function words(...pieces: readonly (string | false | undefined)[]): string {
  return pieces.filter((piece) => piece !== undefined && piece !== false && piece !== '').join(' ');
}

const precision = (digits: number | undefined): string => (digits === undefined ? '' : `(${digits})`);

export function qualifierText({ start, startPrecision, end, fractionPrecision }: IntervalQualifier): string {
  if (end !== undefined) return `${start}${precision(startPrecision)} TO ${end}${precision(fractionPrecision)}`;
  if (fractionPrecision !== undefined) return `${start}(${startPrecision ?? 2}, ${fractionPrecision})`;
  return `${start}${precision(startPrecision)}`;
}

/** The parts of the unparser know each other through this. */
export interface Writers {
  /** Whether it is written as Flink prints a query that it has validated: a clause a line, and nothing left to defaults. */
  readonly expanded: boolean;
  expression(node: Expression): string;
  query(node: Query): string;
  from(node: FromItem): string;
  type(node: DataType): string;
  statement(node: Statement): string;
}
