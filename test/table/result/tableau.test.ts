import { describe, expect, test } from 'vitest';
import { type } from '../../../src/core/types/index.js';
import { Tableau } from '../../../src/table/result/tableau.js';

const columns = [
  { name: 'id', type: type.int() },
  { name: 'name', type: type.string() },
];

describe('Tableau', () => {
  test('columns of changes are as wide as their type can be', () => {
    const tableau = new Tableau(columns, true);
    expect(tableau.header()).toBe(
      [
        '+----+-------------+--------------------------------+',
        '| op |          id |                           name |',
        '+----+-------------+--------------------------------+',
      ].join('\n'),
    );
    expect(tableau.row(['1', null], '-U')).toBe('| -U |           1 |                         <NULL> |');
    expect(tableau.footer().split('\n')[1]).toBe('1 row in set');
  });

  test('long texts are cut, wide characters counted twice', () => {
    const tableau = new Tableau(columns, true);
    expect(tableau.row(['1', 'x'.repeat(31)])).toContain(`| ${'x'.repeat(27)}... |`);
    expect(tableau.row(['1', '水'.repeat(16)])).toContain(`${'水'.repeat(13)}...`);
    expect(tableau.row(['1', '水'])).toContain(`${' '.repeat(28)}水 |`);
  });

  test('where all rows are known, columns are as wide as what stands in them', () => {
    const tableau = new Tableau(columns, false, [['1', 'Ann']]);
    expect(tableau.header().split('\n')[1]).toBe('| id | name |');
    expect(tableau.row(['1', 'Ann'])).toBe('|  1 |  Ann |');
  });
});
