import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCase, type SqlCase } from './sql/cases.js';
import { printedOf, runSqlCase } from './sql/run.js';

const folder = new URL('sql/cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCase(readFileSync(new URL(name, folder), 'utf8')) as unknown as SqlCase);

/** What is a defect of Flink 1.20.3 and not copied, with the reason. */
const DIFFERENT: Readonly<Record<string, string>> = {};

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

describe('what its client printed', () => {
  const printed = cases.filter(
    (kase) => kase.printed !== undefined && kase.order === 'sequence' && DIFFERENT[kase.id] === undefined,
  );
  it.each(printed.map((kase) => [kase.id, kase] as const))('%s', async (_, kase) => {
    expect(await printedOf(kase)).toBe(kase.printed);
  });
});
