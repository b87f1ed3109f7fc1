import type ts from 'typescript';
import type { TypeScript } from './tslab.js';

/** The parts of TypeScript's quick info that a tooltip shows. */
export interface QuickInfo {
  readonly displayParts?: readonly { readonly text: string }[] | undefined;
  readonly documentation?: readonly { readonly text: string }[] | undefined;
  readonly tags?:
    | readonly { readonly name: string; readonly text?: readonly { readonly text: string }[] | undefined }[]
    | undefined;
}

const LABELS: Readonly<Record<string, string>> = {
  returns: 'Returns: ',
  throws: 'Throws: ',
  default: 'Default: ',
  example: 'Example:\n',
  see: 'See: ',
  deprecated: 'Deprecated: ',
};

/**
 * Where Shift-Tab looks for something to tell: at the cursor, then at the option whose value it stands in, then at the
 * function whose arguments it stands in. Jupyter's readers press it behind the opening parenthesis.
 */
export function hoverPlaces(typescript: TypeScript, code: string, cursor: number): number[] {
  const places = [cursor];
  const file = typescript.createSourceFile('cell.ts', code, typescript.ScriptTarget.ES2022, true);
  // White space before the cursor belongs to what stands there, as in an unfinished `f(a, `.
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (node.getStart(file) > cursor || (node.end < cursor && !/^\s*$/.test(code.slice(node.end, cursor)))) return;
    nodes.unshift(node);
    typescript.forEachChild(node, visit);
  };
  visit(file);
  for (const node of nodes) {
    if (typescript.isPropertyAssignment(node) && node.name.end < cursor) places.push(node.name.getStart(file));
    if (!typescript.isCallExpression(node) && !typescript.isNewExpression(node)) continue;
    const { expression } = node;
    const closed = code[node.end - 1] === ')' && node.end <= cursor;
    if (expression.end > cursor || closed) continue;
    places.push((typescript.isPropertyAccessExpression(expression) ? expression.name : expression).getStart(file));
  }
  return places;
}

/** Signature, docstring and what the tags say, each under its name. */
export function hoverText(info: QuickInfo): string {
  const joined = (parts: readonly { readonly text: string }[] | undefined): string =>
    (parts ?? []).map((part) => part.text).join('');
  // Where a name was imported from is no news to whoever imported it.
  const signature = joined(info.displayParts)
    .replace(/^\(alias\) /, '')
    .replace(/\nimport \w+$/, '');
  const tags = (info.tags ?? []).map(({ name, text }) => {
    // TypeScript cuts off the first word of `@see`, as though it were a name.
    const told = name === 'see' ? joined(text).replace(/^(\S+) : /, '$1: ') : joined(text);
    return told === '' ? '' : `${LABELS[name] ?? `@${name} `}${told}`;
  });
  const blocks = [signature, joined(info.documentation), tags.filter((tag) => tag !== '').join('\n')];
  return blocks.filter((block) => block !== '').join('\n\n');
}
