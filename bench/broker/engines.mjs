// The brokers that are measured, each in a process of its own: ours, Apache Kafka where Java and its jars
// are, and kfake (franz-go's, in memory only) where Go is.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

register('../../test/support/typescript-hooks.mjs', import.meta.url);
const { builtCli } = await import('../../test/broker/support/built.js');
const { kafkaJars } = await import('../../test/broker/clients/found/kafka-jars.js');
const { startKafka } = await import('../../test/broker/clients/found/kafka.js');

/**
 * @typedef {object} Engine
 * @property {string} address
 * @property {number} pid
 * @property {() => Promise<void>} stop
 * @property {number} [listeningMs] from the start of its process
 */

/** @returns {Promise<Engine>} our broker, with fresh data on a disk */
export async function startOurs() {
  const cli = await builtCli();
  const data = mkdtempSync(join(tmpdir(), 'streambook-bench-'));
  return started(process.execPath, [cli, 'broker', '--port', '0', '--data', data], data);
}

/** @returns {Promise<Engine | string>} kfake, or why there is none */
export async function startKfake() {
  const folder = mkdtempSync(join(tmpdir(), 'streambook-bench-'));
  const program = join(folder, 'kfake');
  try {
    await promisify(execFile)('go', ['build', '-o', program, '.'], { cwd: kfakeSource, timeout: 300_000 });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const { code, stderr } = /** @type {{ code?: unknown, stderr?: string }} */ (error);
    return code === 'ENOENT' ? 'there is no Go here' : `Go could not build it: ${stderr?.trim() || error}`;
  }
  const { listeningMs: _, ...engine } = await started(program, [], folder);
  return engine;
}

const kfakeSource = fileURLToPath(new URL('../peers/kfake', import.meta.url));

/**
 * @param {string} command a program that says `listening on ADDRESS`
 * @param {readonly string[]} args
 * @param {string} data its folder, removed in the end
 * @returns {Promise<Engine>}
 */
async function started(command, args, data) {
  const since = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(/listening on (\S+)/.exec(String(line))?.[1]));
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)));
  });
  const listeningMs = performance.now() - since;
  return {
    address,
    pid: Number(child.pid),
    listeningMs,
    async stop() {
      child.kill();
      await exited;
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** @returns {Promise<Engine | string>} the real Kafka, or why there is none */
export async function startReal() {
  const jars = await kafkaJars();
  return 'missing' in jars ? jars.missing : startKafka(jars.folder, '1g');
}

/**
 * Seconds of processor time since its start; NaN where the system does not tell.
 *
 * @param {Engine} engine
 */
export function cpuSeconds({ pid }) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

/**
 * Its memory in MiB.
 *
 * @param {Engine} engine
 */
export function residentMiB({ pid }) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
