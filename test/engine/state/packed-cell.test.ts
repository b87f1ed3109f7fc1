import { createContext, runInContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellFactory, type PackedCell } from '../../../src/engine/state/packed-cell.js';

const flat = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, -0, Number.NaN),
);
const record = fc.record({ word: flat, n: flat, last: flat }, { noNullPrototype: true });

describe('CellFactory', () => {
  it('gives back what was put, in the same order of fields, as an object of its own', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), (records) => {
        const factory = new CellFactory<object>();
        const cell = factory.create('key', records[0] as object) as PackedCell<{ n: unknown }>;
        for (const one of records) {
          expect(cell.put(one)).toBe(true);
          expect(cell.value).toEqual(one);
          expect(Object.keys(cell.value)).toEqual(Object.keys(one));
          expect(cell.value).not.toBe(one);
          expect(Object.is(cell.value.n, one.n)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['another field', { word: 'a', n: 1, more: 2 }],
    ['a field less', { word: 'a' }],
    ['another order', { n: 1, word: 'a' }],
    ['an object in a field', { word: { text: 'a' }, n: 1 }],
    ['a function', { word: 'a', n: () => 1 }],
    ['a symbol', { word: Symbol('a'), n: 1 }],
    ['an array', ['a', 1]],
    ['no object', 'a'],
    ['nothing', null],
    [
      'an instance',
      new (class {
        word = 'a';
        n = 1;
      })(),
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { word: 'a', n: 1 })],
  ])('takes no value of another kind: %s', (_, value) => {
    const factory = new CellFactory<unknown>();
    expect(factory.create('key', { word: 'b', n: 2 })?.put(value)).toBe(false);
    expect(factory.create('key', value)).toBeUndefined();
  });

  it('stops trying where the shapes vary', () => {
    const factory = new CellFactory<unknown>();
    factory.create('first', { a: 1 });
    for (let i = 0; i < 1000; i++) expect(factory.create(i, { b: i })).toBeUndefined();
    expect(factory.create('last', { a: 1 })).toBeUndefined();
  });

  it('packs the objects of a notebook, which have an Object of their own', () => {
    const factory = new CellFactory<object>();
    const notebook = createContext();
    const cell = factory.create('a', runInContext("({ word: 'a', n: 1 })", notebook) as object);
    expect({ ...cell?.value }).toEqual({ word: 'a', n: 1 });
    expect(cell?.put(runInContext("({ word: 'a', n: 2 })", notebook))).toBe(true);
    expect(cell?.put({ word: 'a', n: 3 })).toBe(false);
  });

  it('has the field it was asked for', () => {
    const cell = new CellFactory<object>('n').create('a', { word: 'a', n: 1 });
    if (cell !== undefined) cell.field = 5;
    expect(cell?.field).toBe(5);
    expect(cell?.value).toEqual({ word: 'a', n: 5 });
    expect(new CellFactory<object>('m').create('a', { word: 'a', n: 1 })).toBeUndefined();
  });
});
