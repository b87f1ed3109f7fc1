import type { BindContext } from '../binder/index.js';
import { ValidationError } from '../errors.js';
import type { Span } from '../sql/ast/span.js';

/** Settings that SET and RESET change. */
export interface SessionConfig {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  /** Without a key: all. */
  reset(key?: string): void;
  entries(): Iterable<readonly [string, string]>;
}

/** What statements are carried out in. */
export type StatementContext = BindContext & { readonly config: SessionConfig };

/** A `ValidationError` at a place of the statement. */
export function wrong(
  message: string,
  node: { readonly span: Span },
  { sql }: BindContext,
  hint?: string,
): ValidationError {
  return new ValidationError(message, { span: node.span, sql, ...(hint === undefined ? {} : { hint }) });
}
