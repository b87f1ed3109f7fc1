import sanitize from 'sanitize-html';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MimeBundle, setDisplayPort } from '../../src/core/display.js';
import { flushAll } from '../../src/core/flush.js';
import { setKernelHook } from '../../src/core/kernel.js';
import { streamEnv } from '../../src/datastream/index.js';
import { beep, fillDisplayPort, graph, show, why } from '../../src/display/index.js';
import { progress } from '../../src/display/progress.js';
import { tableEnv } from '../../src/table/index.js';
import { textOf } from './html.js';

// What GitHub's preview of a notebook lets through: no styles, no roles, no data: addresses.
const BLOCKS = 'h1 h2 h3 p div pre ul ol li table thead tbody tr td th br details summary blockquote caption'.split(
  ' ',
);
const GITHUB: sanitize.IOptions = {
  allowedTags: [...BLOCKS, ...'b i strong em a code img tt ins del sup sub small span s strike mark'.split(' ')],
  allowedAttributes: {
    '*': 'abbr align alt border colspan dir height lang open rowspan scope start title valign width'.split(' '),
    a: ['href'],
    img: ['src'],
  },
  allowedSchemes: ['http', 'https'],
};
const clean = (html: string): string => sanitize(html, GITHUB);

/** What a reader sees of it: blocks stand apart, what is inline stands where it stands. */
function seen(html: string): string {
  const apart = html.replace(new RegExp(`</?(?:${BLOCKS.join('|')})\\b[^>]*>`, 'g'), ' ');
  return textOf(apart).replace(/\s+/g, ' ').trim();
}

let shown: MimeBundle[] = [];
const cell = { id: 1, write: (bundle: MimeBundle) => void shown.push(bundle) };
const last = (): string => clean(String(shown.at(-1)?.['text/html']));

beforeEach(() => {
  shown = [];
  fillDisplayPort();
  setKernelHook({ currentCell: () => cell });
});
afterEach(() => {
  setKernelHook(undefined);
  setDisplayPort(undefined);
});

const nasty = '<script>alert(1)</script><img src=x onerror="alert(2)"> javascript:alert(3)';

test('a table keeps its caption, its types, its numbers to the right, and text as text', async () => {
  const rows = [
    { name: nasty, amount: 21.5 },
    { name: '海', amount: 3 },
  ];
  show(rows, { caption: 'Sums' });
  expect(last()).toMatch(/^<div><div><strong>Sums<\/strong><\/div>/);
  expect(last()).toContain('<td align="right">21.5</td>');
  expect(last()).toContain('<th scope="col" align="right">amount<br /><small>number</small></th>');
  expect(last()).toMatch(/<td dir="auto">海<\/td>/);
  expect(seen(last())).toContain(nasty);
  expect(last()).not.toMatch(/<(?:script|img)/);
});

test('progress, alerts and topics are lines of words', () => {
  const running = { label: 'Sending moby-dick', unit: 'bytes', total: 1000, done: 250, elapsedMs: 1000 };
  expect(seen(clean(String(progress({ ...running, state: 'running', note: 'offset 7' })['text/html'])))).toBe(
    'Sending moby-dick 25.00 % · 250 of 1,000 bytes · 250 bytes/s · 3.0 s left offset 7',
  );
  beep(nasty);
  flushAll();
  expect(seen(last())).toMatch(/^Alerts 1 \d\d:\d\d:\d\d <script>/);
  expect(seen(last())).toContain(nasty);
  const partitions = [{ partition: 0, first: 0, next: 12, messages: 12, leader: 1, replicas: [1] }];
  const groups = [{ group: nasty, topic: nasty, partition: 0, committed: 10, next: 12, lag: 2 }];
  show({ name: nasty, partitions, config: {}, groups });
  expect(seen(last())).toContain(
    `${nasty} 1 partition, 12 messages, 1 group, 2 behind partition 0 leader 1 0 to 12: 12 messages ${nasty} at 10, is 2 behind`,
  );
});

test('a job, its graph, its reasons and an error say in words what they drew', async () => {
  const env = streamEnv();
  env
    .fromElements({ key: 'a', n: 1 }, { key: 'b', n: 2 })
    .keyBy('key')
    .sum('n')
    .name(nasty)
    .forEach(() => {});
  const job = await env.executeAsync(nasty);
  await job.wait();
  await show(job);
  const card = last();
  expect(seen(card)).toMatch(/^<script>.*finished after \d.*operator in out per second .* Collection Source 2 /);
  expect(card).toContain('<td align="right">2</td>');
  // The picture is gone, what it says instead is left.
  const drawn = clean(String((await graph(job).bundle())['text/html']));
  expect(drawn).toMatch(/^<div><img alt="\s+1 {2}Collection Source/);
  expect(drawn).not.toContain('data:');
  const reasons = clean(String((await why(job).bundle())['text/html']));
  expect(seen(reasons)).toMatch(/^Why is there no output\? The job has ended in job it has ended/);
  expect(reasons).toContain('<strong>The job has ended</strong>');
  show(new RangeError(nasty));
  expect(seen(last())).toMatch(/^RangeError <script>.* stack at /);
  expect(last()).toContain('<details><summary>stack</summary>');
});

test('changes stand before the table they build', async () => {
  const t = tableEnv();
  const rows = t.fromRows([
    { name: 'a', n: 1 },
    { name: 'a', n: 2 },
  ]);
  await t.sqlQuery(`SELECT name, SUM(n) AS total FROM ${rows} GROUP BY name`).show();
  expect(seen(last())).toMatch(
    /^changes op name STRING total \w+ \+I a 1 -U a 1 \+U a 3 3 changes.* table name STRING/,
  );
});
