// The engines that w1 and w2 are run with. Plain JavaScript always is; the others where the environment says where they are:
// FLINK_LIB, a folder with Flink's jars (and `java`, `javac` on the PATH); BYTEWAX and PYFLINK, the python of an environment
// with that package. Slow engines get less to do; rates are per event, so they can be compared all the same.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transactionsFile, wordsFile } from './inputs.mjs';
import { own } from './throughput.mjs';

/** @typedef {import('./throughput.mjs').Program} Program */

const here = dirname(fileURLToPath(import.meta.url));
const classes = join(here, '..', '.streambook', 'bench', 'java');

/** What is known of the seeded inputs: Java Flink, Bytewax and plain JavaScript agree on it. */
const words = {
  500000: { events: 5_000_000, end: /^END words=5000000 (distinct=18279 )?sumsq=45272966862$/ },
  50000: { events: 500_000, end: /^END words=500000 (distinct=\d+ )?sumsq=455510260$/ },
};
const transactions = {
  2000000: { events: 2_000_000, end: /^END (rows=2000000 )?results=27800 total=7507916117( late=0)?$/ },
  200000: { events: 200_000, end: /^END (rows=200000 )?results=2800 total=750826179( late=0)?$/ },
};

/**
 * @param {string} how the argument of `programs/w1.mjs`: `reduce` or `sum`
 * @returns {Promise<Record<string, Program>>}
 */
export async function wordCounts(how) {
  const file = await wordsFile(500_000);
  const all = words[500_000];
  return {
    streambook: { command: own('w1', file, how), ...all },
    'js-objects': { command: plain('words-objects', file), ...all },
    'js-fast': { command: plain('words-fast', file), ...all },
    ...javaFlink('words', file, all),
    ...(await python('words', async () => ({ file: await wordsFile(50_000), ...words[50_000] }))),
  };
}

/**
 * @param {string} how the argument of `programs/w2.mjs`: `split` or `csv`
 * @returns {Promise<Record<string, Program>>}
 */
export async function transactionSums(how) {
  const file = await transactionsFile(2_000_000);
  const all = transactions[2_000_000];
  return {
    streambook: { command: own('w2', file, how), ...all },
    'js-objects': { command: plain('transactions-objects', file), ...all },
    'js-fast': { command: plain('transactions-fast', file), ...all },
    ...javaFlink('transactions', file, all),
    ...(await python('transactions', async () => ({
      file: await transactionsFile(200_000),
      ...transactions[200_000],
    }))),
  };
}

/** @returns {Promise<Record<string, Program>>} */
export async function transactionsInSql() {
  const file = await transactionsFile(2_000_000);
  const all = transactions[2_000_000];
  return {
    streambook: { command: own('w3', file), ...all },
    'js-fast': { command: plain('transactions-fast', file), ...all },
    ...flinkSql(file, all),
  };
}

/**
 * @param {string} name
 * @param {string} file
 */
const plain = (name, file) => [process.execPath, join(here, 'peers', 'js', `${name}.mjs`), file];

/**
 * @param {string} workload
 * @param {string} file
 * @param {{ events: number, end: RegExp }} expected
 * @returns {Record<string, Program>}
 */
function javaFlink(workload, file, expected) {
  const lib = process.env.FLINK_LIB;
  if (lib === undefined || lib === '') return {};
  const jars = readdirSync(lib)
    .filter((name) => name.endsWith('.jar') && !name.includes('table'))
    .map((name) => join(lib, name));
  const path = [classes, ...jars].join(delimiter);
  if (!existsSync(join(classes, 'Workload.class'))) compile(path);
  const open = ['--add-opens=java.base/java.util=ALL-UNNAMED', '--add-opens=java.base/java.lang=ALL-UNNAMED'];
  const command = ['java', '-Xmx2g', ...open, '-cp', path, 'Workload', workload, file];
  return { 'flink-java-p1': { command, ...expected } };
}

/**
 * @param {string} file
 * @param {{ events: number, end: RegExp }} expected
 * @returns {Record<string, Program>}
 */
function flinkSql(file, expected) {
  const lib = process.env.FLINK_LIB;
  if (lib === undefined || lib === '') return {};
  const jars = readdirSync(lib)
    .filter((name) => name.endsWith('.jar'))
    .map((name) => join(lib, name));
  const path = [classes, ...jars].join(delimiter);
  if (!existsSync(join(classes, 'Transactions.class'))) compile(path, join('flink-sql', 'Transactions.java'));
  const open = ['--add-opens=java.base/java.util=ALL-UNNAMED', '--add-opens=java.base/java.lang=ALL-UNNAMED'];
  return { 'flink-sql-p1': { command: ['java', '-Xmx2g', ...open, '-cp', path, 'Transactions', file], ...expected } };
}

/**
 * @param {string} path
 * @param {string} source
 */
function compile(path, source = join('flink-java', 'Workload.java')) {
  mkdirSync(classes, { recursive: true });
  const made = spawnSync('javac', ['-cp', path, '-d', classes, join(here, 'peers', source)], {
    encoding: 'utf8',
  });
  if (made.status === 0) return;
  throw new Error(`FLINK_LIB is set, but javac failed: ${made.error?.message ?? made.stderr}`);
}

/**
 * @param {'words' | 'transactions'} workload
 * @param {() => Promise<{ file: string, events: number, end: RegExp }>} input
 * @returns {Promise<Record<string, Program>>}
 */
async function python(workload, input) {
  const { BYTEWAX, PYFLINK } = process.env;
  /** @type {Record<string, Program>} */
  const programs = {};
  if (BYTEWAX !== undefined && BYTEWAX !== '') {
    const { file, ...expected } = await input();
    const command = [BYTEWAX, join(here, 'peers', 'bytewax', `${workload}.py`), file];
    programs.bytewax = { command, ...expected };
  }
  if (PYFLINK !== undefined && PYFLINK !== '') {
    const { file, ...expected } = await input();
    const command = [PYFLINK, join(here, 'peers', 'pyflink', 'workload.py'), workload, file];
    programs['pyflink-thread'] = { command, ...expected, env: pyFlinkEnvironment(PYFLINK) };
  }
  return programs;
}

/**
 * PyFlink calls `python`, and its thread mode looks for packages on PYTHONPATH only.
 *
 * @param {string} executable
 */
function pyFlinkEnvironment(executable) {
  const bin = dirname(executable);
  const lib = join(bin, '..', 'lib');
  const version = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python3')) : undefined;
  return {
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    ...(version === undefined ? {} : { PYTHONPATH: join(lib, version, 'site-packages') }),
  };
}
