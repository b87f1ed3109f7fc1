import type { Property } from './columns.js';
import type { Literal } from './literals.js';
import type { Identifier, Name } from './names.js';
import type { Node } from './span.js';

/** `SET`, `SET 'key' = 'value'`, `SET key = value`. */
export interface SetOption extends Node {
  readonly kind: 'set';
  readonly key?: string;
  readonly value?: string;
}
/** `RESET`, `RESET 'key'`, `RESET key`. */
export interface ResetOption extends Node {
  readonly kind: 'reset';
  readonly key?: string;
}
/** `ALTER SESSION SET x = 1` and its kin: Calcite's, carried out by nobody. */
export interface AlterScope extends Node {
  readonly kind: 'alterScope';
  readonly scope: 'SYSTEM' | 'SESSION';
  readonly name: Name | 'ALL';
  /** Absent for RESET. */
  readonly value?: Literal | Identifier | 'ON';
}
/** Commands of Flink's SQL client. */
export interface ClientCommand extends Node {
  readonly kind: 'client';
  readonly command: 'CLEAR' | 'HELP' | 'QUIT' | 'EXIT';
}
export interface Use extends Node {
  readonly kind: 'use';
  readonly what: 'DATABASE' | 'CATALOG' | 'MODULES';
  readonly names: readonly Name[];
}
export interface LoadModule extends Node {
  readonly kind: 'loadModule';
  readonly name: Identifier;
  readonly options: readonly Property[];
}
export interface UnloadModule extends Node {
  readonly kind: 'unloadModule';
  readonly name: Identifier;
}
export interface Jar extends Node {
  readonly kind: 'jar';
  readonly verb: 'ADD' | 'REMOVE';
  readonly path: string;
}
export interface StopJob extends Node {
  readonly kind: 'stopJob';
  readonly job: string;
  readonly savepoint: boolean;
  readonly drain: boolean;
}
