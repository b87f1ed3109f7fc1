import type { Node } from './span.js';

/** One part of a name, as the catalog knows it: without its back-ticks. */
export interface Identifier extends Node {
  readonly kind: 'identifier';
  readonly name: string;
  readonly quoted: boolean;
}

/** `a`, `a.b`, `catalog.database.table`. */
export interface Name extends Node {
  readonly kind: 'name';
  readonly parts: readonly Identifier[];
}
