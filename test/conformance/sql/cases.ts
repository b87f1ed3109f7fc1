import type { Json } from '../cases.js';

/** A table of a case. */
export interface SqlTable {
  readonly name: string;
  readonly schema: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly Json[])[];
  readonly ddl: string;
  /** The letters I, UB, UA, D. */
  readonly changelogMode?: string;
  readonly kinds?: readonly string[];
}

/** One program in SQL or in Python's Table API, with what the real Flink gave. */
export interface SqlCase {
  readonly id: string;
  readonly category: string;
  readonly tables: readonly SqlTable[];
  readonly feed?: readonly (readonly [string, number])[];
  readonly setup?: readonly string[];
  readonly config?: Readonly<Record<string, string>>;
  readonly sql?: string;
  readonly tableApi?: string;
  readonly order: 'sequence' | 'multiset' | 'final';
  readonly result?: SqlResult;
  readonly printed?: string;
  readonly error?: {
    readonly class: string;
    readonly rootClass?: string;
    readonly contains?: string;
    readonly message?: string;
    readonly phase: 'plan' | 'runtime';
  };
  readonly quirk?: string;
}

export interface SqlResult {
  readonly schema: readonly (readonly [string, string])[];
  readonly changelog: readonly (readonly [string, readonly Json[]])[];
  readonly final: readonly (readonly Json[])[];
}

/** What came of a program. */
export type SqlGot =
  | SqlResult
  | { readonly error: { readonly phase: 'plan' | 'runtime'; readonly code: string; readonly message: string } };

const WHOLE = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d+(?![\d.eE])/g;

/** Reads a case. Whole numbers beyond 2^53 become texts, as the cases' own notation has them elsewhere. */
export function parseCase(text: string): Record<string, unknown> {
  const exact = text.replace(WHOLE, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
  );
  return JSON.parse(exact) as Record<string, unknown>;
}
