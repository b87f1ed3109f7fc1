import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCase, type SqlCase } from './sql/cases.js';
import { printedOf, runSqlCase } from './sql/run.js';

const folder = new URL('sql/cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCase(readFileSync(new URL(name, folder), 'utf8')) as unknown as SqlCase);

/** What is a defect of Flink 1.20.3 and not copied, with the reason. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'sql-window-tvf-013-tumble-offset': 'Flink loses the first windows (FLINK-36664)',
  'sql-scalar-collection-010-unnest-ordinality': 'Flink fails on WITH ORDINALITY with an internal error; here it works',
};

describe('what the real Flink gave for SQL and table programs', () => {
  it.each(cases.filter(({ id }) => DIFFERENT[id] === undefined).map((kase) => [kase.id, kase] as const))(
    '%s',
    async (_, kase) => {
      const outcome = await runSqlCase(kase);
      if (outcome.status !== 'passed') expect(outcome.got).toEqual(outcome.expected);
      expect(outcome.status).toBe('passed');
    },
  );
});

/** The order of a MULTISET's entries is that of Java's hash map. */
const OTHER_ORDER = new Set(['sql-scalar-collection-012-collect-multiset']);

describe('where Flink itself is wrong', () => {
  const page = readFileSync(new URL('../../docs/decisions/0067-quirks-of-flink.md', import.meta.url), 'utf8');

  it.each(Object.keys(DIFFERENT))('%s differs, is not counted as passed, and is on the page', async (id) => {
    const kase = cases.find((one) => one.id === id) as SqlCase;
    const { status, reason } = await runSqlCase(kase);
    expect(status).toBe('skipped');
    expect(reason).toContain(kase.quirk);
    expect(page).toContain(`\`${id}\``);
  });
});

describe('what its client printed', () => {
  const printed = cases.filter(
    (kase) =>
      kase.printed !== undefined &&
      kase.order === 'sequence' &&
      DIFFERENT[kase.id] === undefined &&
      !OTHER_ORDER.has(kase.id),
  );
  it.each(printed.map((kase) => [kase.id, kase] as const))('%s', async (_, kase) => {
    expect(await printedOf(kase)).toBe(kase.printed);
  });
});
