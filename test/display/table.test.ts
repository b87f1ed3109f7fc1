import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { MimeBundle, TableLayout } from '../../src/core/display.js';
import { table } from '../../src/display/table.js';
import { cellsOf, headersOf, tagsOf, textOf } from './html.js';

const html = (bundle: MimeBundle): string => String(bundle['text/html']);
const plain = (bundle: MimeBundle): string => bundle['text/plain'];
const column = (values: readonly unknown[], type?: string) => ({
  columns: [type === undefined ? { name: 'v' } : { name: 'v', type }],
  rows: values.map((value) => [value]),
});

const TAGS = new Set(['div', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'br', 'small', 'span', 'strong', 'em']);
const ATTRIBUTES = new Set(['style', 'align', 'scope', 'dir', 'colspan']);

function expectInert(markup: string): void {
  for (const { name, attributes } of tagsOf(markup)) {
    expect(TAGS).toContain(name);
    for (const attribute of attributes) expect(ATTRIBUTES).toContain(attribute);
  }
}

const NASTY = [
  '<script>alert(1)</script>',
  '</td></tr></table><img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' onfocus='alert(1)",
  '` style=`x',
  '&lt;b&gt;',
  '&#60;script&#62;',
  '<!--',
  ']]>',
  'javascript:alert(1)',
  '\u0000<b>',
  '<\u200bscript>',
];

test.each(NASTY)('%j is text wherever it stands', (nasty) => {
  const bundle = table(
    {
      columns: [{ name: nasty, type: nasty }],
      rows: [[nasty], [{ [nasty]: nasty }], [Buffer.from(nasty)]],
      caption: nasty,
    },
    { status: nasty },
  );
  expectInert(html(bundle));
  // Nothing of ours looks like this, so it could only come from the data.
  expect(html(bundle)).not.toMatch(/<script|<img|<b>|<!--/i);
  const readable = nasty.replace('\u0000', '␀').replace('\u200b', '⟨ZWSP⟩');
  expect(cellsOf(html(bundle))[0]).toEqual([readable]);
  expect(headersOf(html(bundle))[0]).toContain(readable);
});

test('no value, name, type, caption or status breaks out', () => {
  const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...NASTY));
  fc.assert(
    fc.property(piece, piece, piece, piece, fc.anything(), (name, type, value, caption, anything) => {
      const data = { columns: [{ name, type }, { name: 'x' }], rows: [[value, anything]], caption };
      expectInert(html(table(data, { status: value })));
      expectInert(html(table(data, { fixedRows: 3 })));
    }),
  );
});

test('null and undefined differ from the strings that read like them', () => {
  const bundle = table(column([null, 'null', undefined, 'undefined', '', "'null'", 'nullable'], 'string'));
  const read = cellsOf(html(bundle)).map((row) => row[0]);
  expect(read).toEqual(['null', "'null'", 'undefined', "'undefined'", "''", "''null''", 'nullable']);
  expect(html(bundle).match(/<em /g)).toHaveLength(2);
  expect(plain(bundle).split('\n').slice(3)).toEqual(read);
});

test('dollar signs stay dollar signs: no two of them stand in one text, where they would set a formula', () => {
  const columns = [{ name: 'EXPR$0 + EXPR$1', type: 'ROW<`EXPR$0` INT, `EXPR$1` INT>' }];
  const bundle = table({ columns, rows: [['from $3 to $5']], caption: 'US$ and HK$' });
  const texts = html(bundle).split(/<[^>]*>/);
  expect(texts.filter((text) => text.includes('$')).every((text) => text === '$')).toBe(true);
  expect(cellsOf(html(bundle)).flat()).toEqual(['from $3 to $5']);
});

test('in a column of several types a string that reads like a number stands in quotes', () => {
  expect(cellsOf(html(table(column([1, '1', true, 'true', '1e5', 'x'])))).flat()).toEqual([
    '1',
    "'1'",
    'true',
    "'true'",
    "'1e5'",
    'x',
  ]);
  expect(cellsOf(html(table(column(['1', 'true'])))).flat()).toEqual(['1', 'true']);
  expect(cellsOf(html(table(column(['1', 'true'], 'VARCHAR(20)')))).flat()).toEqual(['1', 'true']);
});

test('decimals are text that is a number: no quotes, to the right', () => {
  const columns = [{ name: 'amount', type: 'DECIMAL(5, 2)' }];
  const bundle = table({ columns, rows: [['21.50'], ['-3.00'], [null], ['null']] });
  expect(bundle['text/plain'].split('\n').slice(3)).toEqual([
    '        21.50',
    '        -3.00',
    '         null',
    "       'null'",
  ]);
  expect(bundle['text/html']).toMatch(/<td align="right"[^>]*>21\.50<\/td>/);
});

test('a caption is as wide as it likes, above a table that may be narrow', () => {
  const bundle = table({ columns: [{ name: 'x' }], rows: [[1]], caption: 'a caption of many words' });
  expect(textOf(String(bundle['text/html']).split('<table')[0] ?? '')).toBe('a caption of many words');
});

test('numbers are exact and stand to the right, under their type', () => {
  const bundle = table(column([-0, 0.1 + 0.2, Number.NaN, 1e21, 9007199254740993n]));
  expect(cellsOf(html(bundle)).flat()).toEqual(['-0', '0.30000000000000004', 'NaN', '1e+21', '9007199254740993']);
  expect(headersOf(html(bundle))).toEqual(['v\nnumber | bigint']);
  expect(html(bundle).match(/<td align="right"/g)).toHaveLength(5);
  for (const line of plain(bundle).split('\n').slice(3)) expect(line).toHaveLength(19);
});

test.each(['BIGINT', 'INT NOT NULL', 'DECIMAL(10, 2)', 'float32', 'number'])('%s stands to the right', (type) => {
  expect(html(table(column([1], type)))).toContain('<td align="right"');
});

test.each(['STRING', 'TIMESTAMP(3)', 'ROW<INT>', 'number | string'])('%s stands to the left', (type) => {
  expect(html(table(column([1], type)))).not.toContain('<td align="right"');
});

test('many rows are folded to head and tail with the count between', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => [i]);
  const data = { columns: [{ name: 'i' }], rows };
  const cells = cellsOf(html(table(data))).flat();
  expect(cells).toHaveLength(21);
  expect(cells[14]).toBe('14');
  expect(cells[15]).toBe('⋮ 980 more rows');
  expect(cells.at(-1)).toBe('999');
  expect(plain(table(data))).toContain('⋮ 980 more rows');
  expect(cellsOf(html(table(data, { maxRows: 1 }))).flat()).toEqual(['0', '⋮ 999 more rows']);
  expect(cellsOf(html(table(data, { maxRows: Infinity }))).flat()).toHaveLength(1000);
  expect(cellsOf(html(table({ ...data, rows: rows.slice(0, 21) }))).flat()).toContain('⋮ 1 more row');
});

test('rows that were never handed over are counted too', () => {
  const data = { columns: [{ name: 'i' }], rows: [[1], [2]], totalRows: 1_234_567 };
  expect(cellsOf(html(table(data))).flat()).toEqual(['1', '2', '⋮ 1,234,565 more rows']);
});

test('many columns are folded, and their count stands below', () => {
  const columns = Array.from({ length: 40 }, (_, i) => ({ name: `c${i}` }));
  const bundle = table({ columns, rows: [columns.map((_, i) => i)] });
  expect(headersOf(html(bundle)).map((name) => name.split('\n')[0])).toEqual([
    'c0',
    'c1',
    'c2',
    'c3',
    'c4',
    'c5',
    'c6',
    'c7',
    'c8',
    '…',
    'c37',
    'c38',
    'c39',
  ]);
  expect(cellsOf(html(bundle))[0]).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '…', '37', '38', '39']);
  expect(textOf(html(bundle))).toContain('28 more columns');
  expect(plain(bundle)).toContain('28 more columns');
});

test('long values are folded with the number of characters left out', () => {
  const bundle = table(column(['x'.repeat(1000)]));
  expect(cellsOf(html(bundle))[0]?.[0]).toBe(`${'x'.repeat(160)} … 840 more characters`);
  expect(plain(bundle)).toContain(`${'x'.repeat(60)} … 940 more characters`);
  expect(plain(table(column(['x'.repeat(1000)]), { maxCharacters: 5 }))).toContain('xxxxx … 995 more characters');
});

test('nothing at all is said, not shown as an empty frame', () => {
  expect(plain(table({ columns: [{ name: 'a' }], rows: [] }))).toContain('no rows');
  expect(plain(table({ columns: [], rows: [] }))).toContain('nothing');
  expect(plain(table({ columns: [], rows: [[], []] }))).toContain('2 rows without columns');
});

test('a row that is too short or too long does no harm', () => {
  expect(cellsOf(html(table({ columns: [{ name: 'a' }, { name: 'b' }], rows: [[1], [1, 2, 3]] })))).toEqual([
    ['1', ''],
    ['1', '2'],
  ]);
});

test('plain text is aligned by what the eye sees', () => {
  const text = plain(
    table({
      columns: [{ name: '词' }, { name: 'next' }],
      rows: [
        ['海', '|'],
        ['Moby', '|'],
        ['e\u0301', '|'],
        ['👩\u200d👩\u200d👧', '|'],
        ['עברית', '|'],
      ],
    }),
  );
  const starts = text
    .split('\n')
    .slice(3)
    .map((line) => stringWidth(line.slice(0, line.indexOf('|'))));
  expect(new Set(starts).size).toBe(1);
});

test('right-to-left text is set apart from its neighbours', () => {
  const bundle = table({ columns: [{ name: 'a' }, { name: 'b' }], rows: [['שלום', 1]] });
  expect(plain(bundle)).toContain('\u2068שלום\u2069');
  expect(html(bundle)).toContain('<td dir="auto"');
});

test('the colours are those of the theme', () => {
  const bundle = table({ ...column([null]), caption: 'c' }, { status: 's' });
  expect(html(bundle)).toMatch(/var\(--jp-[a-z0-9-]+,[^)]+\)/);
});

test('a fixed height is kept, whatever the rows do', () => {
  const layout: TableLayout = { fixedRows: 5, status: 'running' };
  const columns = [{ name: 'word', type: 'STRING' }];
  const heights = [0, 1, 5, 6, 100].map((count) => {
    const rows = Array.from({ length: count }, (_, i) => [`a word\nof two lines ${i}`.repeat(count)]);
    const bundle = table({ columns, rows }, layout);
    // Plain text is printed in a log, or redrawn where nothing stands below it: there it is as high as it has to be.
    expect(plain(bundle).split('\n')).toHaveLength(Math.min(count, 5) + 4);
    return cellsOf(html(bundle)).length;
  });
  expect(new Set(heights)).toEqual(new Set([5]));
  const many = cellsOf(html(table({ columns, rows: Array.from({ length: 100 }, () => ['x']) }, layout))).flat();
  expect(many.at(-1)).toBe('⋮ 96 more rows');
});

test('with the same layout, columns never get narrower', () => {
  const layout: TableLayout = { fixedRows: 1 };
  const columns = [{ name: 'w' }];
  table({ columns, rows: [['a longer word']] }, layout);
  expect(html(table({ columns, rows: [['a']] }, layout))).toContain('min-width:13ch');
  expect(html(table({ columns, rows: [['a']] }, { fixedRows: 1 }))).not.toContain('min-width:13ch');
});

test.each([0, -1, Number.NaN])('rows: %o is refused', (maxRows) => {
  expect(() => table(column([1]), { maxRows })).toThrow(/is not a number of 1 or more/);
});
