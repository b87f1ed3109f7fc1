// npm run bench -- WORKLOAD... [--json FILE] [--runs N]: each workload with every engine that is installed, in one run.
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMain } from '../src/cli/setup/main.mjs';
import { formatTable } from './table.mjs';

/**
 * What one engine did. The numbers are those of the run in the middle (the median), `runs` holds all of them.
 *
 * @typedef {object} Result
 * @property {number} [eventsPerSecond]
 * @property {number} [firstResultMs]
 * @property {number} [peakRssMb]
 * @property {readonly unknown[]} runs
 * @property {string} [failed] why there is no number
 */

/** @typedef {Record<string, Result & Record<string, unknown>>} Results by engine */

/**
 * A file in workloads/, its name the workload's.
 *
 * @typedef {object} Workload
 * @property {string} about one line
 * @property {(options: { runs: number, report: (line: string) => void }) => Promise<Results>} run checks its results
 *   itself, and throws when they are wrong
 * @property {number} [runs] how many unless `--runs` says so; 3 if neither does
 * @property {(results: Results) => string[]} [misses] the goals that were not met, a line each
 */

const here = dirname(fileURLToPath(import.meta.url));

/** @returns {string[]} */
function workloadNames() {
  return readdirSync(join(here, 'workloads'))
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => name.slice(0, -'.mjs'.length))
    .sort();
}

/**
 * @param {readonly string[]} args
 * @returns {{ names: string[], json: string | undefined, runs: number | undefined }}
 */
export function parseBenchArguments(args) {
  /** @type {string[]} */
  const names = [];
  /** @type {string | undefined} */
  let json;
  /** @type {number | undefined} */
  let runs;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--json' || arg === '--runs') {
      const value = args[++i];
      if (value === undefined || value.startsWith('--')) throw new Error(`${arg} needs a value`);
      if (arg === '--json') json = value;
      else if (/^[1-9]\d*$/.test(value)) runs = Number(value);
      else throw new Error(`--runs ${value}: a whole number from 1 on`);
    } else if (arg.startsWith('-')) throw new Error(`there is no option ${arg}; there are --json FILE and --runs N`);
    else if (!workloadNames().includes(arg)) {
      throw new Error(`there is no workload ${arg}; there are ${workloadNames().join(', ')}`);
    } else names.push(arg);
  }
  return { names: names.length === 0 ? workloadNames() : names, json, runs };
}

/** @param {readonly string[]} args */
async function main(args) {
  const { names, json, runs } = parseBenchArguments(args);
  /** @type {Record<string, Results>} */
  const all = {};
  const misses = [];
  for (const name of names) {
    /** @type {Workload} */
    const workload = (await import(pathToFileURL(join(here, 'workloads', `${name}.mjs`)).href)).default;
    console.log(`\n${name}: ${workload.about}`);
    const results = await workload.run({
      runs: runs ?? workload.runs ?? 3,
      report: (line) => console.log(`  ${line}`),
    });
    all[name] = results;
    console.log(`\n${formatTable(results)}`);
    misses.push(...(workload.misses?.(results) ?? []).map((line) => `${name}: ${line}`));
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(all, undefined, 2)}\n`);
  for (const line of misses) console.log(`\ngoal missed: ${line}`);
  const failed = Object.values(all).some((results) =>
    Object.values(results).some(({ failed }) => failed !== undefined),
  );
  if (failed || misses.length > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
