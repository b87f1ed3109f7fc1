import type { DataType, Expression, Query, Statement } from './ast/index.js';
import { SqlSyntaxError } from './errors.js';
import { Cursor } from './parser/cursor.js';
import { rules } from './parser/grammar.js';

/** Reads a text by a rule; when that fails, once more, to tell what was expected. */
function run<T>(sql: string, rule: (p: Cursor) => T): T {
  try {
    return rule(new Cursor(sql, rules, false));
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    return rule(new Cursor(sql, rules, true));
  }
}

function end(p: Cursor): void {
  if (!p.at('<end>')) p.fail();
}

/**
 * All statements of a text, which semicolons part. Throws `SqlSyntaxError` at the first that is not Flink SQL.
 * `BEGIN STATEMENT SET` and `END` are statements of their own, as in Flink.
 *
 * @example parseStatements('CREATE VIEW v AS SELECT 1; SELECT * FROM v;').length // 2
 * @see Flink: SQL, Overview
 */
export function parseStatements(sql: string): Statement[] {
  return run(sql, (p) => {
    const list = [rules.statement(p)];
    while (p.accept(';')) {
      if (!p.at('<end>', ';')) list.push(rules.statement(p));
    }
    end(p);
    return list;
  });
}

/**
 * One statement; a semicolon may end it. Throws `SqlSyntaxError` for anything else, a second statement among it.
 *
 * @example parseStatement('SELECT name FROM people').kind // 'select'
 */
export function parseStatement(sql: string): Statement {
  return run(sql, (p) => {
    const made = rules.statement(p);
    while (p.accept(';'));
    if (!p.at('<end>') && p.last.key === ';') {
      p.refuse(
        p.peek(),
        'one statement was expected, and here begins a second',
        'carry them out one by one; executeScript() takes several',
      );
    }
    end(p);
    return made;
  });
}

/** A query alone: SELECT, VALUES, WITH, set operations. Throws `SqlSyntaxError`. */
export function parseQuery(sql: string): Query {
  return run(sql, (p) => {
    const made = rules.query(p);
    end(p);
    return made;
  });
}

/** An expression alone: `price * 2`, `COUNT(*) FILTER (WHERE a > 1)`. Throws `SqlSyntaxError`. */
export function parseExpression(sql: string): Expression {
  return run(sql, (p) => {
    const made = rules.expression(p, 'subQuery');
    end(p);
    return made;
  });
}

/** A type as CREATE TABLE takes it. Throws `SqlSyntaxError`; `parseType` of the core gives the type itself. */
export function parseDataType(sql: string): DataType {
  return run(sql, (p) => {
    const made = rules.dataType(p);
    end(p);
    return made;
  });
}
