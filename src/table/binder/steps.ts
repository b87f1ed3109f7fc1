import { type PlanField, uniqueNames } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import { inputRef, type Rex } from '../plan/rex.js';
import { fieldFor } from './rex-tools.js';

/** Steps above which Flink writes also a projection that changes nothing. */
const KEPT: ReadonlySet<Rel['kind']> = new Set([
  'scan',
  'inlineScan',
  'values',
  'filter',
  'join',
  'correlate',
  'windowTvf',
  'tableFunction',
  'watermark',
]);

/**
 * A projection; names that come twice get numbers. Nothing when it would change neither columns nor names, unless `keep`
 * asks for the plan as Flink writes it.
 */
export function project(input: Rel, expressions: readonly Rex[], names: readonly string[], keep = false): Rel {
  const unique = uniqueNames(names);
  const fields = expressions.map((rex, i): PlanField => fieldFor(unique[i] as string, rex, input.fields));
  if (isIdentity(expressions, input.fields) && !(keep && KEPT.has(input.kind))) return renamed(input, unique);
  return { kind: 'project', input, expressions, fields };
}

function isIdentity(expressions: readonly Rex[], fields: readonly PlanField[]): boolean {
  return expressions.length === fields.length && expressions.every((rex, i) => rex.kind === 'input' && rex.index === i);
}

/** The same rows with other names. */
export function renamed(rel: Rel, names: readonly string[]): Rel {
  if (rel.fields.every(({ name }, i) => name === names[i])) return rel;
  const fields = rel.fields.map((field, i): PlanField => ({ ...field, name: names[i] as string }));
  if (rel.kind === 'project' || rel.kind === 'values') return { ...rel, fields };
  const expressions = rel.fields.map(({ type }, i) => inputRef(i, type));
  return { kind: 'project', input: rel, expressions, fields };
}

/** Rows side by side. */
export function joinedFields(
  left: readonly PlanField[],
  right: readonly PlanField[],
  nulls: 'none' | 'left' | 'right' | 'both',
): PlanField[] {
  const loose = (field: PlanField, yes: boolean): PlanField =>
    yes ? { ...field, type: field.type.nullable() as PlanField['type'] } : field;
  const all = [
    ...left.map((field) => loose(field, nulls === 'left' || nulls === 'both')),
    ...right.map((field) => loose(field, nulls === 'right' || nulls === 'both')),
  ];
  const names = uniqueNames(all.map(({ name }) => name));
  return all.map((field, i) => ({ ...field, name: names[i] as string }));
}
