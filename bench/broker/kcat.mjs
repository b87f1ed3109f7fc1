// A million messages of 100 bytes by kcat, which is quick enough that the broker is the limit.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const MESSAGES = 1_000_000;

/** A file with a message per line. @returns {{ file: string, remove: () => void }} */
export function input() {
  const folder = mkdtempSync(join(tmpdir(), 'streambook-bench-'));
  const file = join(folder, 'messages');
  const padding = 'abcdefghij'.repeat(10);
  writeFileSync(
    file,
    Array.from({ length: MESSAGES }, (_, i) => `${i} ${padding}`.slice(0, 100))
      .join('\n')
      .concat('\n'),
  );
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * @param {string[]} args
 * @returns {Promise<number>} milliseconds from its start to its end
 */
function timed(args) {
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const child = spawn('kcat', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(performance.now() - since);
      else reject(new Error(`kcat ended with ${code}: ${errors}`));
    });
  });
}

/** @param {string} address @param {string} topic @param {string} file @returns {Promise<number>} messages per second */
export async function write(address, topic, file) {
  const settings = ['acks=all', 'batch.num.messages=10000', 'queue.buffering.max.messages=1000000'];
  const options = settings.flatMap((setting) => ['-X', setting]);
  return (MESSAGES * 1000) / (await timed(['-P', '-b', address, '-t', topic, '-p', '0', ...options, '-l', file]));
}

/** @param {string} address @param {string} topic @returns {Promise<number>} messages per second */
export async function read(address, topic) {
  const args = ['-C', '-b', address, '-t', topic, '-p', '0', '-o', 'beginning', '-c', String(MESSAGES), '-q'];
  return (MESSAGES * 1000) / (await timed(args));
}
