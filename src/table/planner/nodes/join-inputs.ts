import type { Row } from '../../../core/rows/index.js';
import { mapInputs } from '../../expressions/index.js';
import type { Key, PhysicalNode } from '../../physical/node.js';
import { type PlanField, uniqueNames } from '../../plan/field.js';
import type { JoinType } from '../../plan/rel.js';
import { inputRef, type Rex } from '../../plan/rex.js';
import { allColumns, columnFor, type JoinCondition } from '../join-keys.js';
import { makeCalc } from './calc.js';

/** What a join compares: columns of both sides that are equal, and what has to hold besides over the columns of both. */
export interface JoinOn {
  readonly leftKeys: Key;
  readonly rightKeys: Key;
  /** For each pair whether NULL equals nothing. */
  readonly filterNulls: readonly boolean[];
  readonly condition: Rex | undefined;
}

/** The sides of a join, with columns for the expressions that are compared. */
export interface JoinInputs {
  readonly inputs: readonly [PhysicalNode, PhysicalNode];
  readonly on: JoinOn;
  /** How many columns came to the left side; what was right of them moved by so many. */
  readonly shift: number;
  readonly added: boolean;
}

/** Makes columns of the expressions that are compared. */
export function joinInputs(left: PhysicalNode, right: PhysicalNode, { pairs, rest }: JoinCondition): JoinInputs {
  const width = left.fields.length;
  const leftAdded: Rex[] = [];
  const rightAdded: Rex[] = [];
  const leftKeys = pairs.map((pair) => columnFor(pair.left, width, leftAdded));
  const rightKeys = pairs.map((pair) => columnFor(pair.right, right.fields.length, rightAdded));
  const shift = leftAdded.length;
  const condition = rest === undefined || shift === 0 ? rest : mapInputs(rest, (i) => (i < width ? i : i + shift));
  return {
    inputs: [withColumns(left, leftAdded), withColumns(right, rightAdded)],
    on: { leftKeys, rightKeys, filterNulls: pairs.map((pair) => pair.filterNulls), condition },
    shift,
    added: shift + rightAdded.length > 0,
  };
}

function withColumns(input: PhysicalNode, added: readonly Rex[]): PhysicalNode {
  if (added.length === 0) return input;
  const width = input.fields.length;
  const names = [...input.fields.map((field) => field.name), ...added.map((_, i) => `$f${width + i}`)];
  const fields = uniqueNames(names).map(
    (name, i): PlanField => ({ ...(input.fields[i] ?? { type: (added[i - width] as Rex).type }), name }),
  );
  return makeCalc(input, fields, [...allColumns(input.fields), ...added]);
}

const NULLS_ON = { left: ['right', 'full'], right: ['left', 'full'] } as const;

/** The columns of both sides, made nullable where a side can be missing. */
export function bothSides({ inputs: [left, right] }: JoinInputs, type: JoinType): PlanField[] {
  if (type === 'semi' || type === 'anti') return [...left.fields];
  const names = uniqueNames([...left.fields, ...right.fields].map((field) => field.name));
  const side = (fields: readonly PlanField[], missing: boolean): PlanField[] =>
    missing ? fields.map((field) => ({ ...field, type: field.type.nullable() as PlanField['type'] })) : [...fields];
  return [
    ...side(left.fields, (NULLS_ON.left as readonly string[]).includes(type)),
    ...side(right.fields, (NULLS_ON.right as readonly string[]).includes(type)),
  ].map((field, i) => ({ ...field, name: names[i] as string }));
}

/** A join's result without the columns that were added for comparing. */
export function withoutAdded(
  joined: PhysicalNode,
  { added, shift, inputs: [left] }: JoinInputs,
  fields: readonly PlanField[],
): PhysicalNode {
  if (!added) return joined;
  const width = left.fields.length - shift;
  return makeCalc(
    joined,
    fields,
    fields.map((field, i) => inputRef(i < width ? i : i + shift, field.type)),
  );
}

/** Whether a row can have no partner because of a NULL among what is compared; `undefined`: there can be none. */
export function nullKeys(
  [left, right]: readonly [PhysicalNode, PhysicalNode],
  { leftKeys, rightKeys, filterNulls }: JoinOn,
): { readonly left: (row: Row) => boolean; readonly right: (row: Row) => boolean } | undefined {
  const test = (fields: readonly PlanField[], keys: Key) => {
    const columns = keys.flatMap((column, i) => {
      const field = fields[column] as PlanField;
      return filterNulls[i] === true && field.type.nullability === 'nullable' ? [field.name] : [];
    });
    return columns.length === 0 ? undefined : (row: Row) => columns.some((name) => row[name] === null);
  };
  const never = () => false;
  const [ofLeft, ofRight] = [test(left.fields, leftKeys), test(right.fields, rightKeys)];
  return ofLeft === undefined && ofRight === undefined ? undefined : { left: ofLeft ?? never, right: ofRight ?? never };
}
