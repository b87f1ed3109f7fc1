// npm run conformance -- PATH... [--parse PATH] [--json FILE]: runs every case file under the paths and prints a table per category,
// then each failing case with what was expected and what came. The contract is in CONTRIBUTING.md.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DataStreamCase } from './cases.js';
import { type CaseOutcome, runDataStreamCase } from './run-case.js';
import { parseCase, type SqlCase } from './sql/cases.js';
import { runSqlCase } from './sql/run.js';
import { runStatements } from './statements.js';

const USAGE = `usage: npm run conformance -- [PATH...] [--parse PATH] [--json FILE]
  PATH     a case file, or a folder with some; default: test/conformance/datastream
  --parse  a .jsonl file with a statement a line, and whether Flink takes it, or a folder with some; may be given several times
  --json   where to write what each case gave
closes with 1 if a case failed, with 2 if a path or an option is not known`;

const { positionals, values } = commandLine();

function commandLine() {
  try {
    const given = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'string' },
        parse: { type: 'string', multiple: true },
      },
    });
    if (given.values.help !== true) return given;
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`conformance: ${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

/** All case files under a path. */
function filesUnder(path: string, ending = '.json'): string[] {
  if (!existsSync(path)) {
    console.error(`conformance: ${path} does not exist`);
    process.exit(2);
  }
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => {
      const inner = join(path, name);
      return statSync(inner).isDirectory() ? filesUnder(inner, ending) : name.endsWith(ending) ? [inner] : [];
    });
}

async function runFile(file: string): Promise<CaseOutcome> {
  const kase = parseCase(readFileSync(file, 'utf8'));
  if (Array.isArray(kase.elements)) return runDataStreamCase(kase as unknown as DataStreamCase);
  if (Array.isArray(kase.tables)) return runSqlCase(kase as unknown as SqlCase);
  return {
    id: String(kase.id ?? file),
    category: String(kase.category ?? 'unknown'),
    status: 'skipped',
    got: null,
    expected: null,
    reason: 'no runner for this kind of case',
  };
}

function table(outcomes: readonly CaseOutcome[]): string {
  const categories = new Map<string, Record<CaseOutcome['status'], number>>();
  for (const { category, status } of outcomes) {
    const counts = categories.get(category) ?? { passed: 0, failed: 0, skipped: 0 };
    counts[status]++;
    categories.set(category, counts);
  }
  const width = Math.max(8, ...[...categories.keys()].map((name) => name.length));
  const line = (name: string, ...cells: (string | number)[]): string =>
    name.padEnd(width) + cells.map((cell) => String(cell).padStart(9)).join('');
  const rows = [...categories].sort().map(([name, counts]) => line(name, counts.passed, counts.failed, counts.skipped));
  return [line('category', 'passed', 'failed', 'skipped'), ...rows].join('\n');
}

const paths = positionals.length > 0 || values.parse !== undefined ? positionals : ['test/conformance/datastream'];
const outcomes: CaseOutcome[] = [];
for (const file of paths.flatMap((path) => filesUnder(path))) outcomes.push(await runFile(file));
for (const file of (values.parse ?? []).flatMap((path) => filesUnder(path, '.jsonl')))
  outcomes.push(...runStatements(file));

console.log(table(outcomes));
for (const { id, status, got, expected, reason } of outcomes) {
  if (status === 'failed') {
    console.log(`\nfailed: ${id}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(got)}`);
  } else if (status === 'skipped') {
    console.log(`\nskipped: ${id}: ${reason}`);
    if (got !== null) console.log(`  Flink ${JSON.stringify(expected)}\n  here  ${JSON.stringify(got)}`);
  }
}
const count = (status: CaseOutcome['status']): number => outcomes.filter((one) => one.status === status).length;
console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify(
      outcomes.map(({ id, status, got }) => ({ id, status, got })),
      null,
      1,
    )}\n`,
  );
}
process.exitCode = count('failed') > 0 ? 1 : 0;
