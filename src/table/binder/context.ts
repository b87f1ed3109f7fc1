import type { Catalog } from '../catalog/index.js';
import type { Rel } from '../plan/rel.js';
import type { Identifier } from '../sql/ast/names.js';

/** What a text is bound in. */
export interface BindContext {
  readonly catalog: Catalog;
  /** The text that the AST was parsed from: its spans refer to it. */
  readonly sql: string;
  /** Tables that only this text knows (those spliced into an sql template), by the name that stands for them. */
  readonly inline?: ReadonlyMap<string, Rel>;
  /** Settings as they were SET. */
  /** Only columns and their types are asked for, as by CREATE VIEW: what is refused while planning is not looked at. */
  readonly typesOnly?: boolean;
  /** Where it is written down which table a column without one before it belongs to; by the parts of the column's name. */
  readonly tables?: Map<readonly Identifier[], string>;
  readonly config?: { get(key: string): string | undefined };
}
