import { readFileSync } from 'node:fs';
import { parseStatements, SqlSyntaxError } from '../../src/table/sql/index.js';
import type { CaseOutcome } from './run-case.js';

/** One line of a file of statements: the text, and what the real Flink's parser says of it. */
export interface StatementCase {
  readonly sql: string;
  readonly valid: boolean;
  /** Flink's message where it refuses the statement; most name a line and a column. */
  readonly flinkSays?: string;
}

/** What our parser says of a statement. */
export interface Verdict {
  readonly valid: boolean;
  readonly message: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** Parses a text as Flink does before it looks at any table. */
export function verdictOf(sql: string): Verdict {
  try {
    parseStatements(sql);
    return { valid: true, message: null, line: null, column: null };
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    return { valid: false, message: error.message, line: error.line, column: error.column };
  }
}

function placeIn(message: string | undefined): { line: number; column: number } | undefined {
  const found = /line (\d+), column (\d+)/.exec(message ?? '');
  return found === null ? undefined : { line: Number(found[1]), column: Number(found[2]) };
}

/** The same verdict, and for a refused statement the place that Flink names, where it names one. */
export function runStatement(kase: StatementCase): CaseOutcome {
  const got = verdictOf(kase.sql);
  const place = kase.valid ? undefined : placeIn(kase.flinkSays);
  const samePlace = place === undefined || (place.line === got.line && place.column === got.column);
  return {
    id: kase.sql,
    category: 'parse',
    status: got.valid === kase.valid && samePlace ? 'passed' : 'failed',
    got,
    expected: { valid: kase.valid, ...place },
  };
}

/** Every statement of a file with one JSON object a line. */
export function runStatements(file: string): CaseOutcome[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => runStatement(JSON.parse(line) as StatementCase));
}
