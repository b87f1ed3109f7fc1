import { ValidationError } from '../errors.js';
import type { FunctionResolver } from '../functions/user.js';
import type { Span } from '../sql/ast/span.js';

/** Where a call stands, for errors, and where the user's functions are. Without `sql` there is no caret. */
export interface CallSite {
  readonly span?: Span;
  readonly sql?: string;
  readonly functions?: FunctionResolver;
  /** Only the type of a call is asked for; see `BindContext.typesOnly`. */
  readonly typesOnly?: boolean;
}

/** A `ValidationError` at this place. */
export function invalid(message: string, site: CallSite, hint?: string): ValidationError {
  return new ValidationError(message, {
    ...(site.span === undefined ? {} : { span: site.span }),
    ...(site.sql === undefined ? {} : { sql: site.sql }),
    ...(hint === undefined ? {} : { hint }),
  });
}
