import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChangelogModel, TableModel } from '../../../src/cli/shell/table-model.js';

function model(...changes: [string, string][]): string[] {
  const made = new TableModel(100);
  for (const [op, value] of changes) made.add({ op, values: [value] });
  return made.slice(0, 100).map(([value]) => value as string);
}

test('an updated row stays where it was', () => {
  expect(model(['+I', 'a 1'], ['+I', 'b 1'], ['-U', 'a 1'], ['+U', 'a 2'])).toEqual(['a 2', 'b 1']);
});

test('a row that was taken back is gone, one of several equal ones', () => {
  expect(model(['+I', 'a'], ['+I', 'a'], ['+I', 'b'], ['-D', 'a'])).toEqual(['a', 'b']);
  expect(model(['+I', 'a'], ['-U', 'a'], ['+I', 'b'])).toEqual(['b']);
  expect(model(['-D', 'nobody'], ['+I', 'a'])).toEqual(['a']);
});

test('the oldest rows go where there are too many', () => {
  const made = new TableModel(2);
  for (const value of ['a', 'b', 'c']) made.add({ op: '+I', values: [value] });
  made.add({ op: '-D', values: ['a'] });
  expect([made.slice(0, 5), made.size, made.seen]).toEqual([[['b'], ['c']], 2, 4]);
});

test('the rows left are those of the changes, in any order', () => {
  const change = fc.tuple(fc.constantFrom('+I', '-D', '+U', '-U'), fc.constantFrom('a', 'b', 'c'));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const bag: string[] = [];
      const made = new TableModel(1000);
      for (const [op, value] of changes) {
        made.add({ op, values: [value] });
        if (op.startsWith('+')) bag.push(value);
        else if (bag.includes(value)) bag.splice(bag.indexOf(value), 1);
      }
      // A row that waits for its new version still stands there.
      made.add({ op: '+I', values: ['z'] });
      expect(
        made
          .slice(0, 1000)
          .map(([value]) => value)
          .sort(),
      ).toEqual([...bag, 'z'].sort());
    }),
  );
});

test('of changes the newest are kept', () => {
  const made = new ChangelogModel(3);
  for (let i = 0; i < 20; i++) made.add({ op: '+I', values: [String(i)] });
  expect([made.size, made.seen, made.slice(0, 5)]).toEqual([
    3,
    20,
    [
      ['+I', '17'],
      ['+I', '18'],
      ['+I', '19'],
    ],
  ]);
});
