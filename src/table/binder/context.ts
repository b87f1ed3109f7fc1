import type { Catalog } from '../catalog/index.js';
import type { Rel } from '../plan/rel.js';

/** What a text is bound in. */
export interface BindContext {
  readonly catalog: Catalog;
  /** The text that the AST was parsed from: its spans refer to it. */
  readonly sql: string;
  /** Tables that only this text knows (those spliced into an sql template), by the name that stands for them. */
  readonly inline?: ReadonlyMap<string, Rel>;
  /** Settings as they were SET. */
  readonly config?: { get(key: string): string | undefined };
}
