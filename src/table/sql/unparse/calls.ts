import type { Argument, Call, JsonBehaviour, JsonClauses, OrderItem, WindowSpecification } from '../ast/index.js';
import { RESERVED_FUNCTION_NAMES } from '../lexer/keywords.js';
import { typeText } from './types.js';
import { identifierText, listText, nameText, quoteText, type Writers, words } from './writer.js';

const orderItemText = (w: Writers, { expression, direction, nulls }: OrderItem): string =>
  words(w.expression(expression), direction, nulls && `NULLS ${nulls}`);
export const orderByText = (w: Writers, items: readonly OrderItem[]): string =>
  items.length === 0 ? '' : `ORDER BY ${items.map((item) => orderItemText(w, item)).join(', ')}`;
export const commaList = (w: Writers, list: readonly Parameters<Writers['expression']>[0][]): string =>
  list.map((item) => w.expression(item)).join(', ');

/** What stands between the parentheses of OVER, with them. */
export function windowText(w: Writers, window: WindowSpecification): string {
  const { base, partitionBy, orderBy, frame, allowPartial } = window;
  const bound = ({ bound: kind, distance }: NonNullable<typeof frame>['start']): string =>
    words(distance && w.expression(distance), kind);
  const rows =
    frame &&
    (frame.end === undefined
      ? `${frame.unit} ${bound(frame.start)}`
      : `${frame.unit} BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}`);
  const partition = partitionBy.length > 0 && `PARTITION BY ${commaList(w, partitionBy)}`;
  const partial = allowPartial !== undefined && (allowPartial ? 'ALLOW PARTIAL' : 'DISALLOW PARTIAL');
  return `(${words(base && identifierText(base), partition, orderByText(w, orderBy), rows, partial)})`;
}

export function argumentText(w: Writers, node: Argument): string {
  const partitioning = (list: Extract<Argument, { kind: 'tableArgument' }>): string =>
    words(
      list.partitionBy.length > 0 && `PARTITION BY ${listText(list.partitionBy)}`,
      list.orderBy.length > 0 && `ORDER BY (${list.orderBy.map((item) => orderItemText(w, item)).join(', ')})`,
    );
  switch (node.kind) {
    case 'namedArgument':
      return `${identifierText(node.name)} => ${argumentText(w, node.value)}`;
    case 'tableArgument':
      return words('TABLE', nameText(node.table), partitioning(node));
    case 'partitionedArgument':
      return words(w.expression(node.input), partitioning(node as never));
    case 'default':
      return 'DEFAULT';
    default:
      return w.expression(node);
  }
}

/** Functions of standard SQL that are no reserved words: in full their names stay without back-ticks. */
const STANDARD = new Set(
  `ASCII DESCRIPTOR FIRST HOP HOP_END HOP_START INITCAP LAST LISTAGG RAND REPLACE ROUND SESSION SESSION_END SESSION_START SIGN
   TIMESTAMPADD TIMESTAMPDIFF TUMBLE TUMBLE_END TUMBLE_START`.split(/\s+/),
);

function functionName({ name }: Call, expanded: boolean): string {
  const [only, ...more] = name.parts as [Call['name']['parts'][0]];
  const upper = only.name.toUpperCase();
  const reserved = more.length === 0 && !only.quoted && (RESERVED_FUNCTION_NAMES.has(upper) || SPECIAL.has(upper));
  if (!expanded) return reserved ? only.name : nameText(name);
  const plain = reserved || (more.length === 0 && STANDARD.has(upper));
  return plain ? upper : name.parts.map((part) => identifierText({ ...part, quoted: true })).join('.');
}

/** Reserved words with a syntax of their own that are called all the same. */
const SPECIAL = new Set(
  `EXTRACT POSITION CONVERT TRANSLATE OVERLAY SUBSTRING TRIM CEIL CLASSIFIER MATCH_NUMBER PREV NEXT JSON_EXISTS JSON_VALUE
   JSON_QUERY JSON_OBJECT JSON_OBJECTAGG JSON_ARRAY JSON_ARRAYAGG ARRAY_CONCAT_AGG GROUP_CONCAT STRING_AGG INSERT
   CURRENT_CATALOG CURRENT_DEFAULT_TRANSFORM_GROUP CURRENT_ROLE CURRENT_SCHEMA CURRENT_PATH CURRENT_USER SESSION_USER
   SYSTEM_USER`.split(/\s+/),
);

/** What is meant where nothing is written, which is written in full. */
const USUAL_JSON: Readonly<Record<string, JsonClauses>> = {
  JSON_OBJECT: { nulls: 'NULL' },
  JSON_QUERY: { wrapper: 'WITHOUT', onEmpty: { what: 'NULL' }, onError: { what: 'NULL' } },
};

const PAIRS = new Set(['JSON_OBJECT', 'JSON_OBJECTAGG']);

function jsonText(w: Writers, args: readonly string[], json: JsonClauses, name: string): string {
  const behaviour = (made: JsonBehaviour | undefined, on: string): string =>
    made === undefined ? '' : words(made.what, made.value && w.expression(made.value), 'ON', on);
  const wrapper = {
    WITHOUT: 'WITHOUT ARRAY',
    CONDITIONAL: 'WITH CONDITIONAL ARRAY',
    UNCONDITIONAL: 'WITH UNCONDITIONAL ARRAY',
  };
  const passing = json.passing?.map(({ value, name: as }) => `${w.expression(value)} AS ${identifierText(as)}`);
  return words(
    PAIRS.has(name) ? pairsText(args) : args.join(', '),
    passing && `PASSING ${passing.join(', ')}`,
    json.returning && `RETURNING ${typeText(json.returning)}`,
    json.wrapper && `${wrapper[json.wrapper]} WRAPPER`,
    behaviour(json.onEmpty, 'EMPTY'),
    behaviour(json.onError, 'ERROR'),
    json.nulls && `${json.nulls} ON NULL`,
  );
}

/** KEY keeps a key that is one word from looking like the end. */
function pairsText(args: readonly string[]): string {
  const pairs: string[] = [];
  for (let i = 0; i < args.length; i += 2) pairs.push(`KEY ${args[i]} VALUE ${args[i + 1]}`);
  return pairs.join(', ');
}

/** What stands between the parentheses of a call. */
function insideText(w: Writers, node: Call, name: string): string {
  const args = node.arguments.map((argument) => argumentText(w, argument));
  const [first, second, third, fourth] = args;
  if (name === 'JSON_ARRAYAGG') {
    return words(first, orderByText(w, node.orderBy ?? []), node.json?.nulls && `${node.json.nulls} ON NULL`);
  }
  const usual = w.expanded ? USUAL_JSON[name] : undefined;
  if (node.json !== undefined || PAIRS.has(name) || usual !== undefined)
    return jsonText(w, args, { ...usual, ...node.json }, name);
  if (node.using !== undefined) return `${first} USING ${identifierText(node.using)}`;
  if (w.expanded && name === 'SUBSTRING') return words(first, 'FROM', second, third && `FOR ${third}`);
  if (node.trim !== undefined || (w.expanded && name === 'TRIM')) {
    const { side = 'BOTH', characters } = node.trim ?? {};
    return words(side, characters ? w.expression(characters) : w.expanded && "' '", 'FROM', first);
  }
  if (name === 'EXTRACT') return `${node.unit} FROM ${first}`;
  if (name === 'TIMESTAMPADD' || name === 'TIMESTAMPDIFF') return [node.unit, ...args].join(', ');
  if (node.unit !== undefined) return `${first} TO ${node.unit}`;
  if (name === 'POSITION') return words(first, 'IN', second, third && `FROM ${third}`);
  if (name === 'OVERLAY') return words(first, 'PLACING', second, 'FROM', third, fourth && `FOR ${fourth}`);
  const inner = new Set(['ARRAY_AGG', 'GROUP_CONCAT', 'STRING_AGG', 'ARRAY_CONCAT_AGG']).has(name) && node.nulls;
  return words(
    node.quantifier,
    args.join(', '),
    inner && `${node.nulls} NULLS`,
    orderByText(w, node.orderBy ?? []),
    node.separator && `SEPARATOR ${quoteText(node.separator.value)}`,
  );
}

export function callText(w: Writers, node: Call): string {
  if (node.bare) return functionName(node, w.expanded);
  const name = node.name.parts.length === 1 ? (node.name.parts[0] as { name: string }).name.toUpperCase() : '';
  const over = node.over;
  const listing = ['ARRAY_AGG', 'GROUP_CONCAT', 'STRING_AGG', 'ARRAY_CONCAT_AGG'].includes(name);
  return words(
    node.specific && 'SPECIFIC',
    `${functionName(node, w.expanded)}(${insideText(w, node, name)})`,
    !listing && node.nulls && `${node.nulls} NULLS`,
    node.withinDistinct && `WITHIN DISTINCT (${commaList(w, node.withinDistinct)})`,
    node.withinGroup && `WITHIN GROUP (${orderByText(w, node.withinGroup)})`,
    node.filter && `FILTER (WHERE ${w.expression(node.filter)})`,
    over && `OVER ${over.kind === 'identifier' ? identifierText(over) : windowText(w, over)}`,
  );
}
