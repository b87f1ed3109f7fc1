/** A notebook of code cells, without outputs. */
export function notebookOf(cells: readonly string[]): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'streambook', display_name: 'TypeScript', language: 'typescript' },
      language_info: { name: 'typescript', file_extension: '.ts' },
    },
    cells: cells.map((source, i) => ({
      id: `cell-${i}`,
      cell_type: 'code',
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
  };
}

/** Every view there is, a cell each; `dist` is where the built package lies. */
export function galleryCells(dist: string): string[] {
  const core = JSON.stringify(`${dist}/core/display.js`);
  return [
    `import { show } from 'streambook';
const { display } = require(${core});`,
    `show([
  { word: 'whale', n: 1226, share: 0.5661, first: new Date('2026-01-05T08:00:00Z'), note: null },
  { word: 'sea', n: 455, share: 0.2101, first: new Date('2026-01-05T08:00:01.5Z'), note: 'null' },
  { word: '海 <b onmouseover="alert(1)">bold</b><script>document.title = "pwned"</script>', n: -0, share: 1e21, note: 'line one\\nline two\\ttab ' },
  { word: 'Übergröße', n: NaN, share: 9007199254740993n, note: undefined, key: Buffer.from('héllo') },
], { caption: 'Words of a novel' });`,
    `show(Array.from({ length: 1000 }, (_, i) => ({ offset: i, key: 'card-' + (i % 7), amount: Math.round(i * 37.77) / 100, when: new Date(1767600000000 + i * 1000) })), { caption: 'transactions' });`,
    `show([{ offset: 0, timestamp: new Date(1767600000000), text: 'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the world.\\nIt is a way I have of driving off the spleen.' }, { offset: 1, timestamp: new Date(1767600001000), text: '我叫以实玛利。几年前,我身上几乎没有什么钱,岸上也没有什么特别令我感兴趣的事。' }, { offset: 2, timestamp: new Date(1767600002000), text: 'שלום עולם 123' }]);`,
    `show([Object.fromEntries(Array.from({ length: 40 }, (_, i) => ['column ' + i, i * i]))]);`,
    `const base = { label: 'Sending moby-dick', unit: 'bytes', total: 1253891 };
display().open(display().progress({ ...base, done: 812032, elapsedMs: 7900, state: 'running', note: 'partition 0, offset 792' }));
display().open(display().progress({ ...base, done: 312032, elapsedMs: 7900, state: 'paused' }));
display().open(display().progress({ ...base, done: 512032, elapsedMs: 7900, state: 'stopped', note: 'stopped by you' }));
display().open(display().progress({ ...base, done: 12032, elapsedMs: 900, state: 'failed', note: 'connection to 127.0.0.1:9092 refused' }));
display().open(display().progress({ ...base, done: 1253891, elapsedMs: 12900, state: 'done', note: '1,225 messages' }));
void display().open(display().progress({ label: 'Receiving novel', unit: 'messages', done: 1225, elapsedMs: 12900, state: 'running' }));`,
    `const layout = { fixedRows: 6, status: '' };
const counts = new Map();
const slot = display().open(display().table({ columns: [{ name: 'word', type: 'STRING' }, { name: 'n', type: 'BIGINT' }], rows: [] }, layout));
for (let i = 1; i <= 60; i++) {
  counts.set('word' + (i % 9), (counts.get('word' + (i % 9)) ?? 0) + i);
  const rows = [...counts].sort((a, b) => b[1] - a[1]);
  slot.update(display().table({ columns: [{ name: 'word', type: 'STRING' }, { name: 'n', type: 'BIGINT' }], rows }, layout));
  await new Promise((resolve) => setTimeout(resolve, 10));
}
slot.update(display().table({ columns: [{ name: 'word', type: 'STRING' }, { name: 'n', type: 'BIGINT' }], rows: [...counts].sort((a, b) => b[1] - a[1]) }, { fixedRows: 6, status: '60 records, ended' }), true);`,
    `import * as aq from 'arquero';
show(aq.table({ name: ['b', 'a', null], price: [2.5, 10, 1], big: [1n, 2n, 9007199254740993n] }).orderby('name'));
show(new Map([['earliest', 0], ['latest', 1225]]));
show([]);`,
    `class UnknownColumnError extends Error { override name = 'UnknownColumnError'; }
show(new UnknownColumnError("[streambook/unknown-column] no column \`amonut\` in <transactions>\\n  SELECT name, amonut FROM transactions\\n               ^^^^^^\\n  hint: did you mean \`amount\`?", { cause: new TypeError('x is undefined') }));
await show((async function* () { for (let i = 0; i < 3; i++) yield { i, text: 'element ' + i }; })());`,
  ];
}
