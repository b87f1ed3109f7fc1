import type { BinaryExpression, Expression, Literal } from '../ast/index.js';
import { callText, commaList } from './calls.js';
import { typeText } from './types.js';
import { identifierText, nameText, qualifierText, quoteText, type Writers, words } from './writer.js';

function literalText(node: Literal): string {
  switch (node.kind) {
    case 'number':
      return node.text;
    case 'signedNumber':
      return `${node.sign < 0 ? '-' : '+'}${node.number.text}`;
    case 'string': {
      const set = node.characterSet;
      return `${set === undefined ? '' : set === 'N' ? 'N' : `_${set}`}${quoteText(node.value)}`;
    }
    case 'binary':
      return `X'${node.hex}'`;
    case 'keyword':
      return node.value;
    case 'datetime':
      return `${node.type} ${quoteText(node.text)}`;
    default:
      return `INTERVAL ${node.sign < 0 ? '-' : ''}${quoteText(node.text)} ${qualifierText(node.qualifier)}`;
  }
}

const LITERALS = new Set(['number', 'signedNumber', 'string', 'binary', 'keyword', 'datetime', 'interval']);
const ATOMS = new Set([...LITERALS, 'column', 'call', 'cast', 'case', 'collection', 'collectionQuery', 'parameter']);
const CLOSED = new Set([
  ...ATOMS,
  'subquery',
  'star',
  'row',
  'period',
  'item',
  'field',
  'method',
  'new',
  'sequence',
  'odbc',
]);

/** An operand, between parentheses unless nothing can tear it apart. */
function operand(w: Writers, node: Expression): string {
  const text = w.expression(node);
  return CLOSED.has(node.kind) ? text : `(${text})`;
}

/** A row of IN and ANY: one query needs no parentheses of its own. */
function rowText(w: Writers, values: readonly Expression[]): string {
  const [only] = values;
  return values.length === 1 && only?.kind === 'subquery' ? `(${w.query(only.query)})` : `(${commaList(w, values)})`;
}

/** Chains to the left are walked and not descended: `a AND b AND ...` may be as long as it likes. */
function binaryText(w: Writers, node: BinaryExpression): string {
  const pieces: string[] = [];
  let left: Expression = node;
  let operator: string | undefined;
  while (left.kind === 'binary-operation' && (operator === undefined || left.operator === operator)) {
    pieces.push(operand(w, left.right), left.operator);
    operator = left.operator;
    left = left.left;
  }
  pieces.push(operand(w, left));
  return pieces.reverse().join(' ');
}

function fieldOwner(w: Writers, node: Expression): string {
  const text = w.expression(node);
  return node.kind === 'column' || !CLOSED.has(node.kind) || LITERALS.has(node.kind) ? `(${text})` : text;
}

/** `CASE x WHEN 1` in full is `CASE WHEN x = 1`. */
function conditionsText(
  w: Writers,
  { operand: tested }: Extract<Expression, { kind: 'case' }>,
  conditions: readonly Expression[],
): string {
  if (tested === undefined || !w.expanded) return commaList(w, conditions);
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined
    ? `${operand(w, tested)} = ${operand(w, only)}`
    : `${operand(w, tested)} IN (${commaList(w, conditions)})`;
}

/** An expression as Flink SQL reads it back, with parentheses that show the order of its operators. */
export function expressionText(w: Writers, node: Expression): string {
  const not = (negated: boolean): string => (negated ? 'NOT ' : '');
  switch (node.kind) {
    case 'column':
      return node.parts.map(identifierText).join('.');
    case 'star':
      return [...node.qualifier.map(identifierText), '*'].join('.');
    case 'parameter':
      return '?';
    case 'prefix':
      return `${node.operator} ${operand(w, node.operand)}`;
    case 'postfix':
      return `${operand(w, node.operand)} ${node.operator}`;
    case 'binary-operation':
      return binaryText(w, node);
    case 'between':
      return `${operand(w, node.operand)} ${not(node.negated)}BETWEEN ${node.symmetric ? 'SYMMETRIC ' : w.expanded ? 'ASYMMETRIC ' : ''}${operand(w, node.low)} AND ${operand(w, node.high)}`;
    case 'in':
      return `${operand(w, node.operand)} ${not(node.negated)}IN ${rowText(w, node.values)}`;
    case 'quantified':
      return `${operand(w, node.operand)} ${node.operator} ${node.quantifier} ${rowText(w, node.values)}`;
    case 'like':
      return words(
        operand(w, node.operand),
        `${not(node.negated)}${node.operator}`,
        operand(w, node.pattern),
        node.escape && `ESCAPE ${operand(w, node.escape)}`,
      );
    case 'case': {
      const whens = node.whens.map(
        ({ conditions, result }) => `WHEN ${conditionsText(w, node, conditions)} THEN ${w.expression(result)}`,
      );
      const otherwise = node.otherwise ? w.expression(node.otherwise) : w.expanded && 'NULL';
      return words(
        'CASE',
        node.operand && !w.expanded && w.expression(node.operand),
        ...whens,
        otherwise && `ELSE ${otherwise}`,
        'END',
      );
    }
    case 'cast':
      return `${node.function}(${w.expression(node.operand)} AS ${typeText(node.type)})`;
    case 'row':
      return `${node.explicit || w.expanded ? 'ROW' : ''}(${commaList(w, node.values)})`;
    case 'collection':
      return `${node.collection}[${commaList(w, node.values)}]`;
    case 'collectionQuery':
      return `${node.collection}(${w.query(node.query)})`;
    case 'period':
      return `PERIOD(${w.expression(node.start)}, ${w.expression(node.end)})`;
    case 'item':
      return `${operand(w, node.collection)}[${w.expression(node.index)}]`;
    case 'field':
      return `${fieldOwner(w, node.operand)}.${identifierText(node.field)}`;
    case 'method':
      return `${fieldOwner(w, node.operand)}.${callText(w, node.call)}`;
    case 'subquery':
      return `(${w.query(node.query)})`;
    case 'intervalExpression': {
      const inner = w.expression(node.operand);
      const plain = node.operand.kind === 'number' || node.operand.kind === 'column';
      return `INTERVAL ${node.sign < 0 ? '-' : ''}${plain ? inner : `(${inner})`} ${qualifierText(node.qualifier)}`;
    }
    case 'differenceInterval':
      return `(${w.expression(node.operand)}) ${qualifierText(node.qualifier)}`;
    case 'sequence':
      return `${node.which} VALUE FOR ${nameText(node.name)}`;
    case 'new':
      return `NEW ${callText(w, node.call)}`;
    case 'cursor':
      return `CURSOR (${w.query(node.query)})`;
    case 'odbc': {
      const call = callText(w, node.call);
      return `{fn ${node.type === undefined ? call : `${call.slice(0, -1)}, ${node.type})`}}`;
    }
    case 'running':
      return `${node.mode} ${w.expression(node.call)}`;
    case 'call':
      return callText(w, node);
    default:
      return literalText(node);
  }
}
