import type { FromItem, Identifier, Pivot, Unpivot } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { startsExpression } from './lookahead.js';
import { identifier, identifierOrList } from './names.js';
import { valuesRow } from './select.js';

function notJoined(p: Cursor, input: FromItem): void {
  if (input.kind === 'join') p.refuse(input.span, 'joined tables cannot be pivoted', 'SELECT from them in a subquery');
}

function alias(p: Cursor): { alias?: Identifier } {
  return p.accept('AS') || p.peek().isName ? { alias: identifier(p) } : {};
}

/** `PIVOT (SUM(x) AS s FOR a IN (1 AS one, 2))`. */
export function pivot(p: Cursor, input: FromItem): Pivot {
  p.expect('PIVOT');
  notJoined(p, input);
  p.expect('(');
  const aggregates = p.list(() => {
    const call = p.rules.namedCall(p);
    if (p.at(',', 'FOR')) return { call };
    p.accept('AS');
    return { call, alias: identifier(p) };
  });
  p.expect('FOR');
  const axes = identifierOrList(p);
  p.expect('IN', '(');
  const values = startsExpression(p.peek()) ? p.list(() => ({ row: valuesRow(p), ...alias(p) })) : [];
  p.expect(')', ')');
  return { kind: 'pivot', input, aggregates, axes, values, span: p.spanFrom(input.span) };
}

/** `UNPIVOT INCLUDE NULLS (x FOR a IN (b AS 'b', c))`. */
export function unpivot(p: Cursor, input: FromItem): Unpivot {
  p.expect('UNPIVOT');
  notJoined(p, input);
  const nulls = p.at('INCLUDE', 'EXCLUDE') ? p.oneOf('INCLUDE', 'EXCLUDE') : undefined;
  if (nulls !== undefined) p.expect('NULLS');
  p.expect('(');
  const measures = identifierOrList(p);
  p.expect('FOR');
  const axes = identifierOrList(p);
  p.expect('IN', '(');
  const values = p.list(() => {
    const columns = identifierOrList(p);
    return p.accept('AS') ? { columns, row: valuesRow(p) } : { columns };
  });
  p.expect(')', ')');
  const made: Unpivot = { kind: 'unpivot', input, measures, axes, values, span: p.spanFrom(input.span) };
  return nulls === undefined ? made : { ...made, nulls };
}
