import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tableEnv } from '../../../src/table/index.js';

interface Shown {
  readonly statements: readonly string[];
  /** `null`: refused. */
  readonly prints: readonly (string | null)[];
}

const scripts = readFileSync(new URL('fixtures/shown.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Shown);

test('DESCRIBE and SHOW print what the real Flink prints', async () => {
  const different: string[] = [];
  for (const { statements, prints } of scripts) {
    const t = tableEnv();
    for (const [i, statement] of statements.entries()) {
      const got = await printed(t, statement);
      if (got !== prints[i]) different.push(`${statements[0]}\n${statement}\n${got}\nand not\n${prints[i]}`);
    }
  }
  expect(different).toEqual([]);
  expect(scripts.length).toBeGreaterThan(200);
});

async function printed(t: ReturnType<typeof tableEnv>, statement: string): Promise<string | null> {
  try {
    const result = t.executeSql(statement);
    if (result.isOk) return 'OK';
    const lines: string[] = [];
    await result.print((text) => lines.push(text));
    return lines.join('\n').trim();
  } catch {
    return null;
  }
}
