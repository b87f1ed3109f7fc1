import { type Node, walk } from './syntax.js';

type No = (node: Node, what: string, hint: string) => never;

const CLOCK = 'say so: { deterministic: false }; or take the time from a column';
const ZONED = /(Z|[+-]\d{2}:?\d{2}|GMT|UTC)\s*$/;

/** Refuses Dates that read the clock, or the time zone of the machine. */
export function checkDates(tree: Node, no: No, pure: boolean): void {
  const dates = new Set<string>();
  walk(tree, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init && isNewDate(node.init)) {
      dates.add(node.id.name);
    }
  });
  const isDate = (node: Node | null | undefined): boolean =>
    node != null && (isNewDate(node) || (node.type === 'Identifier' && dates.has(node.name)));
  const noText = (node: Node): never =>
    no(node, 'the text of a Date is in the time zone of the machine', 'use toISOString()');

  walk(tree, (node) => {
    switch (node.type) {
      case 'NewExpression':
        if (isNewDate(node)) checkNew(node, no, pure);
        return;
      case 'CallExpression': {
        const { callee } = node;
        const [first] = node.arguments;
        if (isName(callee, 'Date')) no(node, '`Date()` is the text of now, in the time zone of the machine', CLOCK);
        if (isName(callee, 'String') && isDate(first)) noText(node);
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed) return;
        if (isName(callee.object, 'Date') && callee.property.name === 'parse') checkText(node, first, no);
        if (callee.property.name === 'toString' && isDate(callee.object)) noText(node);
        return;
      }
      case 'TemplateLiteral':
        for (const part of node.expressions) if (isDate(part)) noText(part);
        return;
      case 'BinaryExpression':
        if (node.operator === '+') for (const side of [node.left, node.right]) if (isDate(side)) noText(side);
        return;
      default:
    }
  });
}

const isName = (node: Node, name: string): boolean => node.type === 'Identifier' && node.name === name;

function isNewDate(node: Node): node is Extract<Node, { type: 'NewExpression' }> {
  return node.type === 'NewExpression' && isName(node.callee, 'Date');
}

function checkNew(node: Extract<Node, { type: 'NewExpression' }>, no: No, pure: boolean): void {
  const [first, second] = node.arguments;
  if (first === undefined) {
    if (pure) no(node, '`new Date()` is another time each time', CLOCK);
  } else if (second !== undefined) {
    no(
      node,
      '`new Date(year, month, ...)` is in the time zone of the machine',
      'use new Date(Date.UTC(year, month, ...))',
    );
  } else checkText(node, first, no);
}

/** A text is read in the zone of the machine, unless it says one. A number is not. */
function checkText(node: Node, given: Node | undefined, no: No): void {
  if (given === undefined || isNumber(given)) return;
  const end = endText(given);
  // A date alone is UTC.
  if (end !== undefined && (ZONED.test(end) || (given.type === 'Literal' && /^\d{4}(-\d{2}){0,2}$/.test(end)))) return;
  no(
    node,
    end === undefined
      ? 'what this Date is made of may be a text without a zone, which is read in the time zone of the machine'
      : 'a text without a zone is read in the time zone of the machine',
    'new Date(`$' + '{text}Z`) for UTC, new Date(Number(ms)) for milliseconds, or Timestamp.parse(text)',
  );
}

/** The last piece of a text, as far as it is known. */
function endText(node: Node): string | undefined {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : undefined;
    case 'TemplateLiteral':
      return node.quasis.at(-1)?.value.cooked || undefined;
    case 'BinaryExpression':
      return node.operator === '+' ? endText(node.right) : undefined;
    default:
      return undefined;
  }
}

const NUMERIC = new Set(['-', '*', '/', '%', '**', '|', '&', '^', '<<', '>>', '>>>']);
const GIVES_NUMBER = /^(UTC|getTime|valueOf|parse|floor|round|ceil|trunc|abs|min|max|now)$/;

function isNumber(node: Node): boolean {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number';
    case 'UnaryExpression':
      return node.operator === '+' || node.operator === '-';
    case 'BinaryExpression':
      return NUMERIC.has(node.operator) || (node.operator === '+' && isNumber(node.left) && isNumber(node.right));
    case 'MemberExpression':
      return node.property.type === 'Identifier' && /^(ms|length)$/.test(node.property.name);
    case 'CallExpression': {
      const { callee } = node;
      if (isName(callee, 'Number') || isName(callee, 'parseInt') || isName(callee, 'parseFloat')) return true;
      return (
        callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        GIVES_NUMBER.test(callee.property.name)
      );
    }
    default:
      return isNewDate(node);
  }
}
