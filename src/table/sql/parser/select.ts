import type {
  DefaultValue,
  Expression,
  GroupingElement,
  Identifier,
  Select,
  SelectItem,
  ValuesRow,
} from '../ast/index.js';
import { expressionList } from './calls.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { hints } from './hints.js';
import { startsExpression, startsQueryOrExpression } from './lookahead.js';
import { identifier } from './names.js';
import { asExpression } from './query-nodes.js';
import { windowSpecification } from './windows.js';

function selectItem(p: Cursor): SelectItem {
  const first = p.peek();
  if (!p.at('*') && !startsExpression(first)) p.fail('an expression');
  const value: Expression = p.accept('*')
    ? { kind: 'star', qualifier: [], span: p.spanFrom(first) }
    : expression(p, 'subQuery');
  const as = p.accept('AS');
  if (p.at('<string>')) {
    p.refuse(
      p.peek(),
      'an alias is a name, not a text',
      `take the quotes away, or use back-ticks: \`${p.peek().text.slice(1, -1)}\``,
    );
  }
  if (!as && !p.peek().isName) return { kind: 'selectItem', expression: value, span: p.spanFrom(first) };
  const alias = identifier(p);
  return { kind: 'selectItem', expression: value, alias, span: p.spanFrom(first) };
}

function grouping(p: Cursor): GroupingElement {
  const first = p.peek();
  if (p.acceptAll('GROUPING', 'SETS')) {
    p.expect('(');
    const elements = groupings(p);
    p.expect(')');
    return { kind: 'groupingSets', elements, span: p.spanFrom(first) };
  }
  if (p.at('ROLLUP', 'CUBE')) {
    const kind = p.advance().key === 'ROLLUP' ? 'rollup' : 'cube';
    p.expect('(');
    const expressions = expressionList(p, 'subQuery');
    p.expect(')');
    return { kind, expressions, span: p.spanFrom(first) };
  }
  if (p.acceptAll('(', ')')) return { kind: 'emptyGroup', span: p.spanFrom(first) };
  return expression(p, 'subQuery');
}

const startsGrouping = (p: Cursor): boolean =>
  p.peek(1).key === 'ROLLUP' || p.peek(1).key === 'CUBE' || startsExpression(p.peek(1));

function groupings(p: Cursor): GroupingElement[] {
  const made = [grouping(p)];
  while (p.at(',') && startsGrouping(p)) {
    p.advance();
    made.push(grouping(p));
  }
  return made;
}

function groupBy(p: Cursor): NonNullable<Select['groupBy']> {
  const first = p.expect('GROUP');
  p.expect('BY');
  const quantifier = p.at('ALL', 'DISTINCT') ? p.oneOf('ALL', 'DISTINCT') : undefined;
  const elements = groupings(p);
  return { ...(quantifier === undefined ? {} : { quantifier }), elements, span: p.spanFrom(first) };
}

function windows(p: Cursor): Select['windows'] {
  const made: { name: Identifier; window: ReturnType<typeof windowSpecification> }[] = [];
  do {
    p.advance();
    const name = identifier(p);
    p.expect('AS');
    made.push({ name, window: windowSpecification(p) });
  } while (p.at(',') && p.peek(1).isName);
  return made;
}

/** SELECT, from its word to the end of its WINDOW clause. */
export function select(p: Cursor): Select {
  const first = p.expect('SELECT');
  const selectHints = hints(p);
  const stream = p.accept('STREAM');
  const quantifier = p.at('ALL', 'DISTINCT') ? p.oneOf('ALL', 'DISTINCT') : undefined;
  const items = p.list(() => selectItem(p));
  let made: Omit<Select, 'span'> = {
    kind: 'select',
    hints: selectHints,
    ...(stream ? { stream } : {}),
    ...(quantifier === undefined ? {} : { quantifier }),
    items,
    windows: [],
  };
  if (p.accept('FROM')) {
    made = { ...made, from: p.rules.from(p) };
    if (p.accept('WHERE')) made = { ...made, where: expression(p, 'subQuery') };
    if (p.at('GROUP')) made = { ...made, groupBy: groupBy(p) };
    if (p.accept('HAVING')) made = { ...made, having: expression(p, 'subQuery') };
    if (p.at('WINDOW')) made = { ...made, windows: windows(p) };
  }
  return { ...made, span: p.spanFrom(first) };
}

function defaultOr(p: Cursor, read: () => Expression): Expression | DefaultValue {
  const token = p.peek();
  return p.accept('DEFAULT') ? { kind: 'default', span: p.spanFrom(token) } : read();
}

/** `(1, 2)`, `ROW(1, 2)`, `1`: a row of VALUES. */
export function valuesRow(p: Cursor): ValuesRow {
  const first = p.peek();
  const wrapped = p.at('(') && p.peek(1).key === 'ROW' && p.peek(2).key === '(';
  const second = p.peek(first.key === 'ROW' ? 1 : 0).key === '(' ? p.peek(first.key === 'ROW' ? 2 : 1) : undefined;
  if (!wrapped && (second === undefined || !(second.key === 'DEFAULT' || startsQueryOrExpression(second)))) {
    if (!startsExpression(first)) p.fail('a row');
    const value = expression(p, 'nonCursor');
    return { kind: 'valuesRow', values: [value], span: value.span };
  }
  if (wrapped) p.advance();
  p.accept('ROW');
  p.expect('(');
  const values = [defaultOr(p, () => asExpression(p.rules.queryOrExpression(p, 'nonCursor')))];
  while (p.accept(',')) values.push(defaultOr(p, () => expression(p, 'nonCursor')));
  p.expect(')');
  if (wrapped) p.expect(')');
  return { kind: 'valuesRow', values, span: p.spanFrom(first) };
}
