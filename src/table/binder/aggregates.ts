import type { AnyType } from '../../core/types/index.js';
import { type CallOptions, call, type Rex } from '../plan/rex.js';
import type { Span } from '../sql/ast/span.js';
import { rexKey } from './rex-tools.js';

/** An aggregate that was found in an expression; what it takes are expressions over the rows that are grouped. */
export interface FoundAggregate {
  readonly function: string;
  readonly operands: readonly Rex[];
  readonly distinct: boolean;
  readonly filter?: Rex;
  readonly type: AnyType;
  readonly options?: CallOptions;
  readonly span?: Span;
}
/** A GROUPING of these columns, or a bound of the group window. */
const PLACEHOLDER = '$AGGREGATE';
const PROPERTY = '$WINDOW';

export type WindowProperty = 'start' | 'end' | 'rowtime' | 'proctime';

/** Collects the aggregates of a SELECT; in expressions a mark stands for each, until its column is known. */
export class Aggregates {
  readonly found: FoundAggregate[] = [];
  readonly properties: WindowProperty[] = [];
  readonly #keys = new Map<string, number>();

  constructor(
    /** Whether there is a GROUP BY with something in it. */
    readonly grouped: boolean,
    /** The expressions of GROUP BY, over the rows that are grouped. */
    readonly groups: readonly Rex[],
    /** The group window's call: its name and its operands. */
    readonly window?: { readonly name: string; readonly operands: readonly Rex[]; readonly timeType: AnyType },
  ) {}

  add(made: FoundAggregate): Rex {
    const { span: _, ...identity } = made;
    const key = rexKey(identity as never);
    let index = this.#keys.get(key);
    if (index === undefined) {
      index = this.found.push(made) - 1;
      this.#keys.set(key, index);
    }
    return call(PLACEHOLDER, [], made.type, { options: { index } });
  }
  property(property: WindowProperty, type: AnyType): Rex {
    let index = this.properties.indexOf(property);
    if (index < 0) index = this.properties.push(property) - 1;
    return call(PROPERTY, [], type, { options: { index } });
  }
}

/** Which aggregate or property an expression stands for. */
export function markOf(rex: Rex): { readonly what: 'aggregate' | 'property'; readonly index: number } | undefined {
  if (rex.kind !== 'call') return undefined;
  const index = rex.options?.index as number;
  if (rex.function === PLACEHOLDER) return { what: 'aggregate', index };
  return rex.function === PROPERTY ? { what: 'property', index } : undefined;
}
