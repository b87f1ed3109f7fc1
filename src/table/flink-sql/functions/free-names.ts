import type { Pattern } from 'acorn';
import { children, isFunction, type Node } from './syntax.js';

/** A name that nothing in the text declares, where it is used. */
export interface FreeName {
  readonly name: string;
  readonly node: Node;
  /** What it is used in, the closest last. */
  readonly parents: readonly Node[];
}

class Scope {
  readonly names = new Set<string>();
  constructor(readonly outer: Scope | undefined) {}
  knows(name: string): boolean {
    return this.names.has(name) || (this.outer?.knows(name) ?? false);
  }
}

/** The variables that an expression uses and does not declare, by the rules of strict code. */
export function freeNames(tree: Node): FreeName[] {
  const found: FreeName[] = [];
  const parents: Node[] = [];

  const within = (node: Node, scope: Scope): void => {
    parents.push(node);
    for (const child of children(node)) {
      if (!isNameOnly(child, node)) visit(child, scope);
    }
    parents.pop();
  };

  const visit = (node: Node, outer: Scope): void => {
    if (node.type === 'Identifier') {
      if (!outer.knows(node.name)) found.push({ name: node.name, node, parents: [...parents] });
      return;
    }
    within(node, scopeOf(node, outer));
  };
  visit(tree, new Scope(undefined));
  return found;
}

/** Whether a child is a name that stands for itself: of a property, or of a label. */
function isNameOnly(child: Node, node: Node): boolean {
  switch (node.type) {
    case 'MemberExpression':
      return child === node.property && !node.computed;
    case 'Property':
      return child === node.key && !node.computed && !node.shorthand;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return child === node.key && !node.computed;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return child === node.label;
    case 'MetaProperty':
      return true;
    default:
      return false;
  }
}

/** The scope for what is in a node: a new one where the node makes one. */
function scopeOf(node: Node, outer: Scope): Scope {
  if (isFunction(node)) {
    const scope = new Scope(outer);
    if (node.type !== 'ArrowFunctionExpression') scope.names.add('arguments');
    if (node.id) scope.names.add(node.id.name);
    for (const param of node.params) declare(param, scope);
    if (node.body.type === 'BlockStatement') hoist(node.body, scope);
    return scope;
  }
  const scope = new Scope(outer);
  switch (node.type) {
    case 'ClassExpression':
    case 'ClassDeclaration':
      if (node.id) scope.names.add(node.id.name);
      return scope;
    case 'StaticBlock':
      hoist(node, scope);
      lexical(node.body, scope);
      return scope;
    case 'BlockStatement':
      lexical(node.body, scope);
      return scope;
    case 'SwitchStatement':
      for (const { consequent } of node.cases) lexical(consequent, scope);
      return scope;
    case 'ForStatement':
      if (node.init) lexical([node.init], scope);
      return scope;
    case 'ForInStatement':
    case 'ForOfStatement':
      lexical([node.left], scope);
      return scope;
    case 'CatchClause':
      if (node.param) declare(node.param, scope);
      return scope;
    default:
      return outer;
  }
}

/** What `let`, `const`, `class` and functions declare right in a block. */
function lexical(nodes: readonly Node[], scope: Scope): void {
  for (const node of nodes) {
    if (node.type === 'VariableDeclaration') for (const { id } of node.declarations) declare(id, scope);
    if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id)
      scope.names.add(node.id.name);
  }
}

/** What `var` declares anywhere in a function. */
function hoist(node: Node, scope: Scope): void {
  for (const child of children(node)) {
    if (isFunction(child)) continue;
    if (child.type === 'VariableDeclaration' && child.kind === 'var') lexical([child], scope);
    hoist(child, scope);
  }
}

/** The names in a pattern. */
export function declare(pattern: Pattern | Node, scope: { readonly names: Set<string> }): void {
  switch (pattern.type) {
    case 'Identifier':
      scope.names.add(pattern.name);
      return;
    case 'ObjectPattern':
      for (const part of pattern.properties) declare(part.type === 'Property' ? part.value : part.argument, scope);
      return;
    case 'ArrayPattern':
      for (const part of pattern.elements) if (part) declare(part, scope);
      return;
    case 'AssignmentPattern':
      declare(pattern.left, scope);
      return;
    case 'RestElement':
      declare(pattern.argument, scope);
      return;
    default:
  }
}
