import type { BinaryExpression, Expression, Literal } from '../ast/index.js';
import { callText, commaList } from './calls.js';
import { typeText } from './types.js';
import { identifierText, nameText, qualifierText, quoteText, type Writers, words } from './writer.js';

/** Types have other names in full. */
const castTypeText = (text: string, expanded: boolean): string =>
  expanded ? text.replace(/^INT(?= |$)/, 'INTEGER') : text;

/** A number as it is kept: `1E3`, `0.5`. */
const numberText = (text: string): string => text.toUpperCase().replace(/^\./, '0.');

/** Signs before a number are part of it in full; absent: it is none. */
function signedText(node: Expression): string | undefined {
  let sign = '';
  let inner = node;
  while (inner.kind === 'prefix' && (inner.operator === '-' || inner.operator === '+')) {
    if (inner.operator === '-') sign = sign === '' ? '-' : '';
    inner = inner.operand;
  }
  return inner.kind === 'number' ? sign + numberText(inner.text) : undefined;
}

function literalText(node: Literal, expanded: boolean): string {
  switch (node.kind) {
    case 'number':
      return expanded ? numberText(node.text) : node.text;
    case 'signedNumber':
      return `${node.sign < 0 ? '-' : expanded ? '' : '+'}${expanded ? numberText(node.number.text) : node.number.text}`;
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

/** How strongly an expression holds together, as Calcite has it; what nothing tears apart: more than all. */
function strength(node: Expression): number {
  switch (node.kind) {
    case 'binary-operation':
      return BINARY[node.operator] ?? (/^(OR|AND)$/.test(node.operator) ? 0 : COMPARED);
    case 'prefix':
      return node.operator === 'NOT' ? 26 : 80;
    case 'postfix':
      return 28;
    case 'quantified':
      return COMPARED;
    case 'between':
    case 'in':
    case 'like':
      return 32;
    default:
      return CLOSED.has(node.kind) ? 200 : 0;
  }
}

const COMPARED = 30;
const BINARY: Readonly<Record<string, number>> = {
  OR: 22,
  AND: 24,
  '+': 40,
  '-': 40,
  '*': 60,
  '/': 60,
  '%': 60,
  '||': 60,
};

/**
 * An operand, between parentheses unless nothing can tear it apart; in full there are only those that are needed.
 *
 * @param above what holds the operator together that it belongs to
 * @param right whether it stands on the right of an operator that is read from the left
 */
function operand(w: Writers, node: Expression, above = 100, right = false): string {
  const text = w.expression(node);
  const own = strength(node);
  const closed = w.expanded ? own > above || (own === above && !right) : CLOSED.has(node.kind);
  return closed ? text : `(${text})`;
}

/** A row of IN and ANY: one query needs no parentheses of its own. */
function rowText(w: Writers, values: readonly Expression[]): string {
  const [only] = values;
  return values.length === 1 && only?.kind === 'subquery' ? `(${w.query(only.query)})` : `(${commaList(w, values)})`;
}

/** Chains to the left are walked and not descended: `a AND b AND ...` may be as long as it likes. */
function binaryText(w: Writers, node: BinaryExpression): string {
  const pieces: string[] = [];
  const own = strength(node);
  let left: Expression = node;
  let operator: string | undefined;
  while (left.kind === 'binary-operation' && (operator === undefined || left.operator === operator)) {
    pieces.push(operand(w, left.right, own, true), left.operator);
    operator = left.operator;
    left = left.left;
  }
  pieces.push(operand(w, left, own));
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
      return (w.expanded && signedText(node)) || `${node.operator} ${operand(w, node.operand, strength(node))}`;
    case 'postfix':
      return `${operand(w, node.operand, strength(node))} ${node.operator}`;
    case 'binary-operation':
      return binaryText(w, node);
    case 'between':
      return `${operand(w, node.operand, 32)} ${not(node.negated)}BETWEEN ${node.symmetric ? 'SYMMETRIC ' : w.expanded ? 'ASYMMETRIC ' : ''}${operand(w, node.low, 32, true)} AND ${operand(w, node.high, 32, true)}`;
    case 'in':
      return `${operand(w, node.operand, 32)} ${not(node.negated)}IN ${rowText(w, node.values)}`;
    case 'quantified':
      return `${operand(w, node.operand, COMPARED)} ${node.operator} ${node.quantifier} ${rowText(w, node.values)}`;
    case 'like':
      return words(
        operand(w, node.operand, 32),
        `${not(node.negated)}${node.operator}`,
        operand(w, node.pattern, 32, true),
        node.escape && `ESCAPE ${operand(w, node.escape, 32, true)}`,
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
      return `${node.function}(${w.expression(node.operand)} AS ${castTypeText(typeText(node.type), w.expanded)})`;
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
      return literalText(node, w.expanded);
  }
}
