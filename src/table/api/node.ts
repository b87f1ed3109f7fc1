import type { AnyType } from '../../core/types/index.js';
import type { Rex } from '../plan/rex.js';

/** An expression as it was written: names not resolved, types not known. Plain data. */
export type ExpressionNode =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: unknown; readonly type?: AnyType }
  | {
      readonly kind: 'call';
      readonly function: string;
      readonly operands: readonly ExpressionNode[];
      readonly options?: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'cast'; readonly operand: ExpressionNode; readonly type: AnyType; readonly tries: boolean }
  | { readonly kind: 'field'; readonly operand: ExpressionNode; readonly field: string | number }
  | {
      readonly kind: 'aggregate';
      readonly function: string;
      readonly operands: readonly ExpressionNode[];
      readonly distinct: boolean;
    }
  | { readonly kind: 'over'; readonly aggregate: ExpressionNode; readonly window: string }
  | {
      readonly kind: 'windowProperty';
      readonly window: string;
      readonly property: 'start' | 'end' | 'rowtime' | 'proctime';
    }
  | {
      readonly kind: 'alias';
      readonly operand: ExpressionNode;
      readonly name: string;
      /** The names of further columns, of a table function. */
      readonly more?: readonly string[];
    }
  | { readonly kind: 'order'; readonly operand: ExpressionNode; readonly descending: boolean }
  /** All columns (`*`), or all but some. */
  | { readonly kind: 'all'; readonly except: readonly string[] }
  /** Resolved already. */
  | { readonly kind: 'rex'; readonly rex: Rex };

/** Goes through a node and everything below it. */
export function visitNode(node: ExpressionNode, visit: (node: ExpressionNode) => void): void {
  visit(node);
  switch (node.kind) {
    case 'call':
    case 'aggregate':
      for (const operand of node.operands) visitNode(operand, visit);
      break;
    case 'over':
      visitNode(node.aggregate, visit);
      break;
    case 'cast':
    case 'field':
    case 'alias':
    case 'order':
      visitNode(node.operand, visit);
      break;
    default:
  }
}
