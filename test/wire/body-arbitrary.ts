import fc from 'fast-check';
import type { Api, Field, Fields } from '../../src/wire/schema.js';
import { ZERO_UUID } from '../../src/wire/schema.js';

/** Every API, version and direction, as test cases. */
export function messages(
  apis: Record<string, Api>,
): { api: Api; version: number; direction: 'request' | 'response' }[] {
  return Object.values(apis).flatMap((api) => {
    const [from, to] = api.versions;
    const versions = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return versions.flatMap((version) => [
      { api, version, direction: 'request' as const },
      { api, version, direction: 'response' as const },
    ]);
  });
}

/** Random bodies that a message of this version can carry. Fields that it does not have keep their defaults. */
export function bodyArbitrary(
  fields: Fields,
  version: number,
  flexible: boolean,
): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(fields).map(([name, field]) => [name, fieldArbitrary(field, version, flexible)]);
  return fc.record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<unknown>>);
}

function fieldArbitrary(field: Field, version: number, flexible: boolean): fc.Arbitrary<unknown> {
  const { since = 0, until = Number.POSITIVE_INFINITY, nullable, tag } = field.options;
  if (version < since || version > until || (tag !== undefined && !flexible)) return fc.constant(defaultOf(field));
  const value = valueArbitrary(field, version, flexible);
  return nullable !== undefined && version >= nullable ? fc.option(value, { nil: null, freq: 4 }) : value;
}

function defaultOf(field: Field): unknown {
  if (field.options.default !== undefined) return field.options.default;
  switch (field.kind) {
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'uuid':
      return ZERO_UUID;
    case 'bytes':
    case 'records':
      return Buffer.alloc(0);
    case 'array':
      return [];
    case 'struct':
      return Object.fromEntries(Object.entries(field.fields!).map(([name, inner]) => [name, defaultOf(inner)]));
    default:
      return 0;
  }
}

const long = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(-1, 0, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 1, 2 ** 63, -(2 ** 63)),
);
const blob = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));

function valueArbitrary(field: Field, version: number, flexible: boolean): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'bool':
      return fc.boolean();
    case 'int8':
      return fc.integer({ min: -0x80, max: 0x7f });
    case 'int16':
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case 'uint16':
      return fc.integer({ min: 0, max: 0xffff });
    case 'int32':
      return fc.integer();
    case 'uint32':
      return fc.integer({ min: 0, max: 0xffffffff });
    case 'int64':
      return long;
    case 'float64':
      return fc.double({ noNaN: true });
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 20 });
    case 'uuid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
    case 'bytes':
    case 'records':
      return blob;
    case 'array':
      return fc.array(valueArbitrary(field.of!, version, flexible), { maxLength: 3 });
    case 'struct':
      return bodyArbitrary(field.fields!, version, flexible);
  }
}
