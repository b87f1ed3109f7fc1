import { describe, expect, test } from 'vitest';
import { chainOf, nameInFigures } from '../../../src/flink/jobs/chain.js';

describe('the operators of a step', () => {
  const cases: readonly (readonly [string, readonly (readonly [string, number | undefined])[]])[] = [
    ['Source: a', [['Source: a', undefined]]],
    [
      'Source: a[1] -> Calc[2] -> out[3]: Writer -> out[3]: Committer',
      [
        ['Source: a[1]', undefined],
        ['Calc[2]', 0],
        ['out[3]: Writer', 1],
        ['out[3]: Committer', 2],
      ],
    ],
    [
      'Source: a[1] -> (Calc[2] -> x[3]: Writer, Calc[4])',
      [
        ['Source: a[1]', undefined],
        ['Calc[2]', 0],
        ['x[3]: Writer', 1],
        ['Calc[4]', 0],
      ],
    ],
    [
      'Calc(select=[f(a) AS b, c -> d]) -> (Map -> (A, B), Sink: Print to Std. Out)',
      [
        ['Calc(select=[f(a) AS b, c -> d])', undefined],
        ['Map', 0],
        ['A', 1],
        ['B', 1],
        ['Sink: Print to Std. Out', 0],
      ],
    ],
  ];
  test.each(cases)('%s', (step, wanted) => {
    expect(chainOf(step).map(({ name, from }) => [name, from])).toEqual(wanted);
  });

  test('have names in figures', () => {
    expect(nameInFigures('Source: a.b, c[1]')).toBe('Source__a_b__c[1]');
    expect(nameInFigures('x'.repeat(100))).toHaveLength(80);
  });
});
