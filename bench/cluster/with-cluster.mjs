import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = join(root, 'dist', 'cli', 'main.js');
const data = join(root, '.streambook', 'bench', 'flink', 'cluster');

/** @param {string[]} args */
const cluster = (...args) => promisify(execFile)(process.execPath, [program, 'cluster', ...args, '--data', data]);

/**
 * Runs something with a real Flink: the one whose SQL Gateway `STREAMBOOK_CLUSTER` names, or one of its own.
 *
 * @template T
 * @param {(gateway: string) => Promise<T>} run
 * @param {(line: string) => void} report
 * @returns {Promise<T>}
 */
export async function withCluster(run, report) {
  const given = process.env.STREAMBOOK_CLUSTER;
  if (given !== undefined && given !== '') return run(given);
  report('starting Flink');
  const { stdout } = await cluster('start', '--port', '0', '--web-port', '0', '--no-kafka');
  const gateway = /SQL Gateway +(http:\S+)/.exec(stdout)?.[1];
  try {
    if (gateway === undefined) throw new Error(`no address of a SQL Gateway in: ${stdout}`);
    return await run(gateway);
  } finally {
    await cluster('stop');
  }
}
