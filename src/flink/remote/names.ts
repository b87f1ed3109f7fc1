import { parseStatements } from '../../table/sql/parse.js';

/** Whether anything can be a node of a syntax tree. */
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function partsOf(name: unknown): string[] | undefined {
  if (!isObject(name) || !Array.isArray(name.parts)) return undefined;
  return name.parts.map((part) => String((part as { name: unknown }).name));
}

/**
 * The tables and views that statements name, as they are written, each once. Those that a WITH of the same text makes are
 * not among them.
 */
export function tablesIn(sql: string): string[][] {
  const found = new Map<string, string[]>();
  const common = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (!isObject(node) || Array.isArray(node)) return;
    if (node.kind === 'with') {
      for (const { name } of node.tables as { name: { name: string } }[]) common.add(name.name);
    }
    const name = node.kind === 'table' ? node.name : node.table;
    const parts = partsOf(name);
    if (parts !== undefined) found.set(parts.join('\u0000'), parts);
    for (const value of Object.values(node)) visit(value);
  };
  visit(parseStatements(sql));
  return [...found.values()].filter((parts) => parts.length > 1 || !common.has(parts[0] as string));
}
