import type {
  FromItem,
  GroupingElement,
  Hint,
  OrderedQuery,
  Query,
  Select,
  SetOperation,
  ValuesRow,
} from '../ast/index.js';
import { argumentText, commaList, orderByText, windowText } from './calls.js';
import { matchText } from './match.js';
import { typeText } from './types.js';
import { identifierText, listText, nameText, quoteText, type Writers, words } from './writer.js';

export function hintsText(hints: readonly Hint[]): string {
  if (hints.length === 0) return '';
  const inside = ({ options, names, literals }: Hint): string => {
    if (options !== undefined)
      return `(${options.map(({ key, value }) => `${quoteText(key)} = ${quoteText(value)}`).join(', ')})`;
    if (names !== undefined) return listText(names);
    if (literals === undefined) return '';
    const texts = literals.map((literal) => {
      if (literal.kind === 'string') return quoteText(literal.value);
      return literal.kind === 'number' ? literal.text : `${literal.sign < 0 ? '-' : '+'}${literal.number.text}`;
    });
    return `(${texts.join(', ')})`;
  };
  return `/*+ ${hints.map((hint) => identifierText(hint.name) + inside(hint)).join(', ')} */`;
}

function groupingText(w: Writers, node: GroupingElement): string {
  const space = w.expanded ? '' : ' ';
  switch (node.kind) {
    case 'groupingSets':
      return `GROUPING SETS${space}(${node.elements.map((element) => groupingText(w, element)).join(', ')})`;
    case 'rollup':
    case 'cube':
      return `${node.kind.toUpperCase()}${space}(${commaList(w, node.expressions)})`;
    case 'emptyGroup':
      return '()';
    default:
      if (!w.expanded) return w.expression(node);
      if (node.kind === 'row') return `(${commaList(w, node.values)})`;
      // Where groups are windows, their functions have another name.
      return node.kind === 'call' && /^(TUMBLE|HOP|SESSION)$/.test(node.name.parts[0]?.name.toUpperCase() ?? '')
        ? `$${w.expression(node)}`
        : w.expression(node);
  }
}

/** Pieces one after the other, or one below the other. */
function clauses(w: Writers, ...pieces: readonly (string | false | undefined)[]): string {
  const given = pieces.filter((piece) => piece !== undefined && piece !== false && piece !== '');
  return given.join(w.expanded ? '\n' : ' ');
}

function selectText(w: Writers, node: Select): string {
  const { groupBy, windows } = node;
  const items = node.items.map(({ expression, alias }) =>
    words(w.expression(expression), alias && `AS ${identifierText(alias)}`),
  );
  const elements = groupBy?.elements.map((element) => groupingText(w, element)).join(', ');
  const hints = hintsText(node.hints);
  const above = hints !== '' && w.expanded ? `\n${hints}\n` : ` ${hints}${hints && ' '}`;
  const head = `SELECT${above}${words(node.stream && 'STREAM', node.quantifier, items.join(', '))}`;
  return clauses(
    w,
    head,
    node.from && `FROM ${w.from(node.from)}`,
    node.where && `WHERE ${w.expression(node.where)}`,
    groupBy && words('GROUP BY', groupBy.quantifier, elements),
    node.having && `HAVING ${w.expression(node.having)}`,
    windows.length > 0 &&
      `WINDOW ${windows.map(({ name, window }) => `${identifierText(name)} AS ${windowText(w, window)}`).join(', ')}`,
  );
}

export function rowText(w: Writers, { values }: ValuesRow): string {
  return `${w.expanded ? 'ROW' : ''}(${values.map((value) => (value.kind === 'default' ? 'DEFAULT' : w.expression(value))).join(', ')})`;
}

const STRENGTH: Readonly<Record<SetOperation['operator'], number>> = { UNION: 1, EXCEPT: 1, INTERSECT: 2 };

function setOperationText(w: Writers, node: SetOperation): string {
  const pieces: string[] = [];
  let left: Query = node;
  // To the left without parentheses and without recursion, as long as the operators bind alike.
  while (left.kind === 'setOperation' && STRENGTH[left.operator] === STRENGTH[node.operator]) {
    const { right } = left;
    const closed = right.kind === 'select' || right.kind === 'values' || right.kind === 'tableQuery';
    pieces.push(closed ? w.query(right) : `(${w.query(right)})`, words(left.operator, left.quantifier));
    left = left.left;
  }
  const closed = left.kind === 'select' || left.kind === 'values' || left.kind === 'tableQuery';
  pieces.push(closed ? w.query(left) : `(${w.query(left)})`);
  return clauses(w, ...pieces.reverse());
}

function orderedText(w: Writers, { query, orderBy, offset, limit }: OrderedQuery): string {
  const inner = query.kind === 'ordered' || query.kind === 'with' ? `(${w.query(query)})` : w.query(query);
  const count = (node: NonNullable<typeof limit>): string => (node.kind === 'number' ? node.text : '?');
  const body = query.kind === 'with' ? w.query(query) : inner;
  if (w.expanded) {
    const rows = limit && `FETCH NEXT ${count(limit)} ROWS ONLY`;
    return clauses(w, body, orderByText(w, orderBy), offset && `OFFSET ${count(offset)} ROWS`, rows);
  }
  return words(body, orderByText(w, orderBy), limit && `LIMIT ${count(limit)}`, offset && `OFFSET ${count(offset)}`);
}

/** A query as Flink SQL reads it back. */
export function queryText(w: Writers, node: Query): string {
  switch (node.kind) {
    case 'select':
      return selectText(w, node);
    case 'values':
      return `VALUES ${node.rows.map((row) => rowText(w, row)).join(w.expanded ? ',\n' : ', ')}`;
    case 'tableQuery':
      return `TABLE ${nameText(node.table)}`;
    case 'setOperation':
      return setOperationText(w, node);
    case 'ordered':
      return orderedText(w, node);
    default: {
      const tables = node.tables.map(
        ({ name, columns, query }) =>
          `${words(identifierText(name), columns && listText(columns))} AS (${w.query(query)})`,
      );
      const body =
        node.query.kind === 'ordered' || node.query.kind === 'with' || w.expanded
          ? `(${w.query(node.query)})`
          : w.query(node.query);
      return `WITH ${tables.join(', ')} ${body}`;
    }
  }
}

function joinText(w: Writers, node: Extract<FromItem, { kind: 'join' }>): string {
  const pieces: string[] = [];
  let left: FromItem = node;
  // Chains to the left are walked; a join within a comma's left side needs no parentheses, one on the right does.
  while (left.kind === 'join' && (left.type !== 'COMMA' || node.type === 'COMMA')) {
    const { right, type, natural, on, using } = left;
    const nested = right.kind === 'join' && (type !== 'COMMA' || right.type === 'COMMA');
    const table = nested ? `(${w.from(right)})` : w.from(right);
    const condition = words(on && `ON ${w.expression(on)}`, using && `USING ${listText(using)}`);
    const space = w.expanded ? '\n' : ' ';
    const kind = (type !== 'INNER' || w.expanded) && type;
    if (type === 'COMMA') pieces.push(`,${space}${table}`);
    else pieces.push(`${space}${words(natural && 'NATURAL', kind, 'JOIN', table, condition)}`);
    left = left.left;
  }
  pieces.push(left.kind === 'join' ? `(${w.from(left)})` : w.from(left));
  return pieces.reverse().join('');
}

/** What stands after FROM. */
export function fromText(w: Writers, node: FromItem): string {
  const many = (list: Parameters<typeof listText>[0]): string => listText(list);
  switch (node.kind) {
    case 'table': {
      const extend = node.extend?.map(({ name, type, notNull }) =>
        words(nameText(name), typeText(type), notNull && 'NOT NULL'),
      );
      const time = node.systemTime && `FOR SYSTEM_TIME AS OF ${w.expression(node.systemTime)}`;
      const hints = hintsText(node.hints);
      const name = nameText(node.name) + (hints !== '' && w.expanded ? '\n' : hints && ' ') + hints;
      return words(name, extend && `EXTEND (${extend.join(', ')})`, time);
    }
    case 'derived':
      return words(node.lateral && 'LATERAL', `(${w.query(node.query)})`);
    case 'unnest':
      return words(`UNNEST(${commaList(w, node.values)})`, node.ordinality && 'WITH ORDINALITY');
    case 'tableFunction': {
      const args = node.arguments.map((argument) => argumentText(w, argument)).join(', ');
      const call = words(node.specific && 'SPECIFIC', `${nameText(node.name)}(${args})`);
      return words(node.lateral && 'LATERAL', `TABLE(${call})`);
    }
    case 'aliased':
      return words(w.from(node.input), 'AS', identifierText(node.alias), node.columns && many(node.columns));
    case 'join':
      return joinText(w, node);
    case 'sample': {
      const inside = node.percentage?.text ?? quoteText(node.name?.value ?? '');
      const seed = node.seed !== undefined && `REPEATABLE (${node.seed})`;
      return words(w.from(node.input), `TABLESAMPLE ${node.method} (${inside})`, seed);
    }
    case 'pivot': {
      const aggregates = node.aggregates.map(({ call, alias }) =>
        words(w.expression(call), alias && `AS ${identifierText(alias)}`),
      );
      const values = node.values.map(({ row, alias }) =>
        words(rowText(w, row), alias && `AS ${identifierText(alias)}`),
      );
      return `${w.from(node.input)} PIVOT (${aggregates.join(', ')} FOR ${many(node.axes)} IN (${values.join(', ')}))`;
    }
    case 'unpivot': {
      const values = node.values.map(({ columns, row }) => words(many(columns), row && `AS ${rowText(w, row)}`));
      const nulls = node.nulls && `${node.nulls} NULLS`;
      const inside = `(${many(node.measures)} FOR ${many(node.axes)} IN (${values.join(', ')}))`;
      return words(w.from(node.input), 'UNPIVOT', nulls, inside);
    }
    default:
      return matchText(w, node);
  }
}
