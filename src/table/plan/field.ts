import type { AnyType, Field } from '../../core/types/index.js';
import { Schema } from '../../core/types/index.js';

/** Whether a column is a time attribute: one that watermarks follow, or the processing time. */
export type TimeAttribute = 'rowtime' | 'proctime';

/**
 * A column of a step of a plan. Its `type` is that of its values; a `proctime` column holds nothing until it is read.
 *
 * @see Flink: Time Attributes
 */
export interface PlanField extends Field {
  readonly time?: TimeAttribute;
}

/** What the rows of a step look like, as a schema. Names within a step are unique (`x`, `x0`, `x1`), as in Calcite. */
export function planSchema(fields: readonly PlanField[]): Schema {
  return new Schema(fields.map(({ name, type }) => ({ name, type })));
}

/** Makes names unique by numbers after them, the first of each kept: `x, y, x` gives `x, y, x0`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>(names);
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let n = 0;
    while (taken.has(`${name}${n}`)) n++;
    const unique = `${name}${n}`;
    taken.add(unique);
    seen.add(unique);
    return unique;
  });
}

/** A column with another type, the time attribute kept or taken away. */
export function plainField({ name, type }: { readonly name: string; readonly type: AnyType }): PlanField {
  return { name, type };
}
