import { isAggregateName } from '../expressions/index.js';
import type { FunctionResolver } from '../functions/user.js';
import type { ExpressionNode } from './node.js';

/** The same expression with calls of aggregates by their names as aggregates: `callFunction('MEAN', o.price)`. */
export function withAggregates(node: ExpressionNode, functions: FunctionResolver): ExpressionNode {
  const below = (one: ExpressionNode): ExpressionNode => withAggregates(one, functions);
  switch (node.kind) {
    case 'call': {
      const operands = node.operands.map(below);
      if (!isAggregateName(node.function, { functions })) return { ...node, operands };
      return { kind: 'aggregate', function: node.function, operands, distinct: false };
    }
    case 'over':
      return { ...node, aggregate: below(node.aggregate) };
    case 'cast':
    case 'field':
    case 'alias':
    case 'order':
      return { ...node, operand: below(node.operand) };
    default:
      return node;
  }
}
