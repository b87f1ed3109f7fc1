import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../../src/cli/setup/paths.mjs';
import { datasets, kinds, people } from '../../../src/lessons/data/index.js';
import { bytesOf } from '../../../src/lessons/data/make.js';

const folder = join(projectRoot, 'datasets');

async function made(name: keyof typeof kinds, options?: { rows?: number; seed?: string }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytesOf(kinds[name], people(), options)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function rowsOf(name: keyof typeof kinds): string[][] {
  const { file, encoding, lineEnd } = kinds[name];
  const text = iconv.decode(readFileSync(join(folder, file)), encoding);
  return text
    .split(lineEnd)
    .slice(1, -1)
    .map((line) => line.split(','));
}

describe('the committed files', () => {
  test.each(['transactions', 'payments', 'structure'] as const)('%s: made anew, byte for byte', async (name) => {
    const bytes = await made(name);
    expect(bytes.equals(readFileSync(join(folder, kinds[name].file)))).toBe(true);
  });

  test('people.json is what faker of the pinned version makes', async () => {
    const { peopleText } = await import('../../../datasets/people.mjs');
    expect(readFileSync(join(folder, 'people.json'), 'utf8')).toBe(peopleText());
  });

  test('are found from any folder', () => {
    const before = process.cwd();
    try {
      process.chdir(join(projectRoot, 'src', 'lessons'));
      expect(datasets.transactions.path).toBe(join(folder, 'data.csv'));
      process.chdir('/');
      expect(datasets.structure.bytes).toBe(readFileSync(join(folder, 'structure_data.csv')).length);
    } finally {
      process.chdir(before);
    }
  });
});

describe('what the chapters rely on', () => {
  const year = (row: string[]): number => Number(row[5]?.slice(0, 4));

  test('data.csv: 35 years in order, leading zeros, amounts that look like years, names beyond GBK', () => {
    const rows = rowsOf('transactions');
    expect(rows).toHaveLength(2000);
    expect([year(rows[0]!), year(rows.at(-1)!)]).toEqual([1990, 2024]);
    const times = rows.map((row) => row[5]!);
    expect([...times].sort()).toEqual(times);
    expect(rows.filter((row) => row[2]?.startsWith('0')).length).toBeGreaterThan(50);
    const inRange = (n: number): boolean => n >= 1999 && n <= 2023;
    expect(rows.filter((row) => inRange(Number(row[3])) && !inRange(year(row))).length).toBeGreaterThan(10);
    expect(rows.filter((row) => row[1] === '王𬱖').length).toBeGreaterThan(0);
    const bytes = readFileSync(datasets.transactions.path);
    expect(iconv.decode(bytes, 'gbk')).not.toContain('王𬱖');
    expect(iconv.decode(bytes, 'gb18030')).toContain('王𬱖');
  });

  test('the payments: thirty days in order, two decimals, three patterns of fraud', () => {
    const rows = rowsOf('payments');
    expect(rows).toHaveLength(3000);
    const times = rows.map((row) => row[5]!);
    expect([...times].sort()).toEqual(times);
    expect([times[0]!.slice(0, 10), times.at(-1)!.slice(0, 10)]).toEqual(['2024-11-01', '2024-11-30']);
    expect(rows.every((row) => /^\d+\.\d\d$/.test(row[3]!))).toBe(true);
    expect(rows.filter((row) => row[3] === '1.00').length).toBeGreaterThanOrEqual(4);
    expect(rows.filter((row) => Number(row[3]) >= 4900 && Number(row[3]) < 5000).length).toBeGreaterThanOrEqual(24);
    expect(rows.filter((row) => Number(row[3]) >= 5000).length).toBeGreaterThan(50);
  });

  test('the bridge: alarms from the event and from single spikes, a drift, a gap', () => {
    const rows = rowsOf('structure').map(([time, value]) => ({ time: time!, value: Number(value) }));
    expect(rows).toHaveLength(10_040);
    const alarms = rows.filter(({ value }) => Math.abs(value) >= 0.5);
    expect(alarms).toHaveLength(15);
    expect(alarms.filter(({ time }) => time.startsWith('2024-06-06 14:'))).toHaveLength(10);
    expect(rows.some(({ time }) => time >= '2024-06-07 03:10' && time < '2024-06-07 03:50')).toBe(false);
    const noons = rows.filter(({ time }) => time.slice(11, 13) === '02').map(({ value }) => value);
    const mean = (part: number[]): number => part.reduce((a, b) => a + b, 0) / part.length;
    expect(mean(noons.slice(-60)) - mean(noons.slice(0, 60))).toBeGreaterThan(0.05);
  });

  test("cards pass the check digit, and are nobody else's twice", () => {
    const all = people();
    expect(new Set(all.map((each) => each.card)).size).toBe(1000);
    for (const { card, id } of all) {
      expect(card).toMatch(/^4\d{15}$/);
      expect(id).toMatch(/^\d{9}$/);
      const sum = [...card].reverse().reduce((total, digit, index) => {
        const n = Number(digit) * (1 + (index % 2));
        return total + (n > 9 ? n - 9 : n);
      }, 0);
      expect(sum % 10).toBe(0);
    }
  });
});

describe('made to order', () => {
  test.each(['transactions', 'payments', 'structure'] as const)('%s: as many rows as asked for', async (name) => {
    for (const rows of [1, 2, 100, 4096, 5000, 12_345]) {
      const text = iconv.decode(await made(name, { rows }), kinds[name].encoding);
      expect(text.split(kinds[name].lineEnd)).toHaveLength(rows + 2);
    }
  });

  test('another seed, other rows; the same seed, the same', async () => {
    const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    const [a, b, again] = await Promise.all(
      ['student 1', 'student 2', 'student 1'].map((seed) => made('transactions', { rows: 50, seed })),
    );
    expect(hash(a!)).not.toBe(hash(b!));
    expect(hash(a!)).toBe(hash(again!));
  });
});
