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

/** The cells of the gallery by what they show, from 0; with a name: pictures for the documentation. */
export const views: Readonly<Record<string, number>> = {
  tables: 1,
  progress: 5,
  'chart-line': 9,
  charts: 10,
  timeline: 11,
  'timeline-compare': 12,
  'why-state-graph': 13,
  'job-card': 14,
  'chart-live': 15,
  'alerts-topic': 16,
  changelog: 17,
  doctor: 18,
  'hard-tables': 19,
  topics: 20,
  'last-values': 21,
  /** Fails, on purpose and last: nothing runs behind it. */
  failing: 22,
};

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
    `import { alerts, beep, boundedOutOfOrderness, chart, EventTimeSessionWindows, graph, OutputTag, seconds, streamEnv, timeline, TumblingEventTimeWindows, why } from 'streambook';
const start = Date.UTC(2026, 0, 5, 8);
const prices = Array.from({ length: 300 }, (_, i) => ({ time: new Date(start + i * 1000), name: 'abc'[i % 3], price: 100 + (i % 3) * 10 + Math.sin(i / 20) * 4 }));
await chart(prices).line('time', 'price', { by: 'name', title: 'Prices <script>document.title = "pwned"</script>' });`,
    `await chart([{ word: 'whale', n: 1226 }, { word: 'sea', n: 455 }, { word: '<img src=x onerror="document.title = 1">', n: 300 }]);
await chart(Array.from({ length: 20000 }, (_, i) => ({ value: Math.sin(i) + Math.sin(i * 1.7) + Math.sin(i * 2.9) }))).histogram('value');
await chart(prices).heatmap('time', 'name', { value: 'price' });`,
    `interface Payment { name: string; time: number; amount: number }
const payments: Payment[] = [[1, 3], [2, 5], [4, 2], [9, 7], [7, 1], [6, 4], [13, 6], [12, 3], [3, 9], [17, 2], [8, 4], [21, 6], [22, 1], [11, 5], [16, 2], [28, 8]].map(([s, amount], i) => ({ name: i % 3 === 1 ? 'Bob <b>' : 'Ann', time: start + s * 1000, amount }));
const late = new OutputTag<Payment>('late');
async function traced(delay: number, lateness: number) {
  const env = streamEnv({ trace: true });
  env.fromCollection(payments)
    .assignTimestampsAndWatermarks(boundedOutOfOrderness(seconds(delay), (p) => p.time))
    .keyBy((p) => p.name)
    .window(TumblingEventTimeWindows.of(seconds(10)))
    .allowedLateness(seconds(lateness)).sideOutputLateData(late)
    .sum('amount').name('sums')
    .forEach(() => {});
  return env.executeAsync('sums <i>of</i> payments');
}
const job = await traced(0, 5);
await timeline(job);`,
    `await timeline.compare(await traced(0, 0), await traced(5, 0), { titles: ['no delay', '5 s of delay'] });`,
    `await why(job);
const waiting = streamEnv({ trace: true });
waiting.fromCollection(async function* () { yield* payments.slice(0, 4); await new Promise(() => {}); })
  .assignTimestampsAndWatermarks(boundedOutOfOrderness(seconds(3), (p) => p.time))
  .keyBy((p) => p.name).window(TumblingEventTimeWindows.of(seconds(10))).sum('amount').name('sums').print();
const open = await waiting.executeAsync('waiting');
await new Promise((resolve) => setTimeout(resolve, 100));
await why(open);
show(open.state('sums'));
await graph(open);
await open.cancel();`,
    `const busy = streamEnv({ checkpointing: { intervalMs: 200, storage: 'memory' } as never });
busy.generate((i) => ({ key: i % 100, n: 1 }), { perSecond: 2000, count: 3000 }).keyBy('key').sum('n').name('sums').forEach(() => {});
const watched = await busy.executeAsync('busy <script>document.title = 2</script>');
await watched.show();`,
    `await chart(streamEnv().generate((i) => ({ time: new Date(start + i * 100), value: Math.sin(i / 15) }), { perSecond: 100, count: 200 })).line('time', 'value', { horizon: seconds(10), title: 'A running stream' });`,
    `const alarm = alerts('Payments over 5');
const watching = streamEnv();
watching.fromCollection(payments).filter((p) => p.amount > 5).forEach(alarm);
await watching.execute();
for (let i = 0; i < 3; i++) beep('<script>document.title = 3</script> ' + i);
show({ name: 'novel <b>', partitions: [0, 1, 2].map((partition) => ({ partition, first: partition * 10, next: 1225 - partition * 300, messages: 1225 - partition * 310, leader: 1, replicas: [1] })), config: {}, groups: [{ group: 'my-group <i>', topic: 'novel <b>', partition: 0, committed: 800, next: 1225, lag: 425 }, { group: 'other', topic: 'novel <b>', partition: 0, committed: 1225, next: 1225, lag: 0 }] });`,
    `import { tableEnv } from 'streambook';
const t = tableEnv();
const orders = t.fromRows(payments.map(({ name, amount }) => ({ name, amount })));
await t.sqlQuery(\`SELECT name, SUM(amount) AS total, COUNT(*) AS n FROM \${orders} GROUP BY name\`).show();
await chart(orders.groupBy((o) => o.name).select((o) => ({ name: o.name, total: o.amount.sum() })));`,
    // What it finds on this machine is nobody's business, so it is told what to find.
    `const { Doctor } = require('streambook');
const found = (group: string, checks: [string, object][]) => checks.map(([name, finding]) => ({ group, name, needed: true, look: async () => finding }));
await new Doctor(async () => [
  ...found('The notebooks', [
    ['Node.js', { verdict: 'fine', version: '24.11.0' }],
    ['JupyterLab', { verdict: 'fine', version: '4.6.6', detail: 'in .venv' }],
    ['streambook', { verdict: 'mend', version: '0.1.0', detail: 'dist/ is older than src/', mend: 'Run \`npm run build\`, then restart the kernels.' }],
  ]),
  ...found('Streams', [
    ['embedded broker', { verdict: 'fine', detail: '127.0.0.1:9092, process 4711, data in .streambook/broker' }],
    ['Kafka', { verdict: 'fine', detail: '127.0.0.1:9092 (from .streambook/broker.json): the embedded broker, 1 broker, 3 topics' }],
  ]),
  ...found('A cluster, if you want one', [
    ['Docker', { verdict: 'absent', version: '28.2.2', detail: 'installed, but its engine does not answer', mend: 'Start Docker Desktop; on Linux \`sudo systemctl start docker\`.' }],
    ['Java', { verdict: 'note', version: '21.0.2', detail: 'a cluster without Docker needs Java 17', mend: 'Install Java 17: https://adoptium.net, \`sudo apt install openjdk-17-jre-headless\`, or \`brew install openjdk@17\`.' }],
  ]),
  ...found('This machine', [
    ['port 8888', { verdict: 'fine', detail: 'a Jupyter server answers' }],
    ['memory', { verdict: 'fine', detail: '12.4 GB available of 16.8 GB, 8 cores' }],
  ]),
]);`,
    // What is hard to lay out: very wide, very long, empty, one row, other scripts, marks of combination.
    `show(Array.from({ length: 3 }, (_, i) => Object.fromEntries(Array.from({ length: 30 }, (_, c) => ['column ' + c, c % 3 === 0 ? 'value ' + i * c : c % 3 === 1 ? i * c * 1000.5 : null]))), { columns: 30, caption: '30 columns' });
show([{ unbroken: 'x'.repeat(5000), '<img src=x onerror="document.title = 6">': 'javascript:alert(1)', 'javascript:alert(2)': '<a href="javascript:alert(3)">a link</a>', n: 1 }], { caption: 'One row, long <b>values</b>' });
show([{ emoji: '👩‍👩‍👧‍👦 family', flag: '🇨🇳🇩🇪', cjk: '流处理是对无界数据的持续计算', mixed: 'Zürich 東京 서울', rtl: 'مرحبا بالعالم', bytes: Buffer.from([0, 255, 16]), nested: { a: [1, { b: new Date(0) }], m: new Map([['k', 5n]]) } }, { emoji: 'é vs é', flag: null, cjk: '', mixed: ' lead and trail ', rtl: undefined, bytes: new Uint8Array(0), nested: [] }]);
show({ columns: [{ name: 'name', type: 'STRING' }, { name: 'total', type: 'BIGINT' }], rows: [] }, { caption: 'No rows' });
await t.sqlQuery(\`SELECT name FROM \${orders} WHERE amount > 1000000\`).show();
show(new RangeError('<img src=x onerror="document.title = 7"> is no amount; javascript:alert(4)'));
const nasty = '<script>document.title = 4</script><img src=x onerror="document.title = 5">';
await new Doctor(async () => found(nasty, [[nasty, { verdict: 'note', version: nasty, detail: nasty + ' javascript:alert(1)', mend: 'Run \`' + nasty + '\`' }]]));`,
    `const partition = (partition: number, messages: number) => ({ partition, first: 0, next: messages, messages, leader: 1, replicas: [1] });
const reads = (group: string, topic: string, partition: number, committed: number, next: number) => ({ group, topic, partition, committed, next, lag: next - committed });
show({ broker: '127.0.0.1:9092 (from .streambook/broker.json)', topics: [
  { name: 'novel', partitions: [partition(0, 1225)], config: {}, groups: [reads('word-count', 'novel', 0, 1225, 1225), reads('late-comer', 'novel', 0, 410, 1225)] },
  { name: 'transactions', partitions: [partition(0, 812), partition(1, 790), partition(2, 0)], config: {}, groups: [reads('fraud <script>document.title = 8</script>', 'transactions', 0, 800, 812)] },
  { name: 'a-very-long-name-of-a-topic-'.repeat(8), partitions: [partition(0, 0)], config: {}, groups: [] },
] });`,
    `payments.slice(0, 3)`,
    `throw new RangeError('<img src=x onerror="document.title = 9"> <script>document.title = 10</script> javascript:alert(5)');`,
  ];
}
