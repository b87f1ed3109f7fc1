import type { Field, Fields } from './schema.js';
import { ZERO_UUID } from './schema.js';

/*
 * What both compilers ask of a schema: which fields a version has, how small a value can be, what its default is.
 */

/** A version of a message, as the compilers see it. */
export interface Layout {
  readonly version: number;
  readonly flexible: boolean;
}

function isInVersion(field: Field, version: number): boolean {
  const { since = 0, until = Number.POSITIVE_INFINITY } = field.options;
  return version >= since && version <= until;
}

export function isNullable(field: Field, version: number): boolean {
  return field.options.nullable !== undefined && version >= field.options.nullable;
}

function isTagged(field: Field): boolean {
  return field.options.tag !== undefined;
}

/** Fields in the order of the wire, the tagged ones left out. */
export function plainFields(fields: Fields, layout: Layout): [string, Field][] {
  return Object.entries(fields).filter(([, field]) => !isTagged(field) && isInVersion(field, layout.version));
}

/** Tagged fields by rising tag. */
export function taggedFields(fields: Fields, layout: Layout): [string, Field][] {
  return Object.entries(fields)
    .filter(([, field]) => layout.flexible && isTagged(field) && isInVersion(field, layout.version))
    .sort(([, a], [, b]) => a.options.tag! - b.options.tag!);
}

/** Fields that this version does not have. */
export function absentFields(fields: Fields, layout: Layout): [string, Field][] {
  const present = new Set([...plainFields(fields, layout), ...taggedFields(fields, layout)].map(([name]) => name));
  return Object.entries(fields).filter(([name]) => !present.has(name));
}

/** The fewest bytes that a value can take: what keeps an array's count from promising more than a frame holds. */
export function leastSize(field: Field, layout: Layout): number {
  switch (field.kind) {
    case 'bool':
    case 'int8':
      return 1;
    case 'int16':
    case 'uint16':
      return 2;
    case 'int32':
    case 'uint32':
      return 4;
    case 'int64':
    case 'float64':
      return 8;
    case 'uuid':
      return 16;
    case 'string':
      return layout.flexible ? 1 : 2;
    case 'bytes':
    case 'records':
    case 'array':
      return layout.flexible ? 1 : 4;
    case 'struct': {
      if (isNullable(field, layout.version)) return 1;
      const sizes = plainFields(field.fields!, layout).map(([, inner]) => leastSize(inner, layout));
      return sizes.reduce((sum, size) => sum + size, layout.flexible ? 1 : 0);
    }
  }
}

/** JavaScript source of the value that a field has when it is not on the wire. `EMPTY` is an empty Buffer in scope. */
export function defaultSource(field: Field): string {
  const given = field.options.default;
  if (given !== undefined) return JSON.stringify(given);
  switch (field.kind) {
    case 'bool':
      return 'false';
    case 'string':
      return '""';
    case 'uuid':
      return JSON.stringify(ZERO_UUID);
    case 'bytes':
    case 'records':
      return 'EMPTY';
    case 'array':
      return '[]';
    case 'struct':
      return `{ ${Object.entries(field.fields!)
        .map(([name, inner]) => `${JSON.stringify(name)}: ${defaultSource(inner)}`)
        .join(', ')} }`;
    default:
      return '0';
  }
}

/** JavaScript source of a test whether `value` (a variable, never undefined) is the field's default. */
export function isDefaultSource(field: Field, value: string): string {
  if (field.options.default === null) return `${value} === null`;
  if (field.kind === 'array') return `(${value} !== null && ${value}.length === 0)`;
  if (field.kind === 'bytes' || field.kind === 'records') return `(${value} !== null && ${value}.length === 0)`;
  if (field.kind !== 'struct') return `${value} === ${defaultSource(field)}`;
  const inner = Object.entries(field.fields!).map(([name, each]) => {
    const property = `${value}[${JSON.stringify(name)}]`;
    return `(${property} === undefined || ${isDefaultSource(each, property)})`;
  });
  return `(${value} !== null && ${inner.join(' && ')})`;
}
