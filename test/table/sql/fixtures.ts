import { readFileSync } from 'node:fs';

/** A statement and what the real Flink's parser says of it. */
export interface JudgedStatement {
  readonly sql: string;
  readonly valid: boolean;
  readonly line?: number;
  readonly column?: number;
}

export const judged: readonly JudgedStatement[] = readFileSync(
  new URL('fixtures/verdicts.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as JudgedStatement);

/** The same piece without its places in the text. */
export function withoutPlaces(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPlaces);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => key !== 'span' && key !== 'operatorSpan' && key !== 'quoted');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutPlaces(value)]));
}
