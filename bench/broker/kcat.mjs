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
 * @param {'ignore' | 'pipe'} [output]
 * @returns {Promise<{ ms: number, out: string }>} how long it ran, and what it said
 */
function kcat(args, output = 'ignore') {
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const child = spawn('kcat', args, { stdio: ['ignore', output, 'pipe'] });
    let out = '';
    child.stdout?.on('data', (text) => {
      out += text;
    });
    let errors = '';
    child.stderr?.on('data', (text) => {
      errors += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve({ ms: performance.now() - since, out });
      else reject(new Error(`kcat ended with ${code}: ${errors}`));
    });
  });
}

/** @param {string} address @param {string} topic @param {string} file @returns {Promise<number>} messages per second */
export async function write(address, topic, file) {
  const settings = ['acks=all', 'batch.num.messages=10000', 'queue.buffering.max.messages=1000000'];
  const options = settings.flatMap((setting) => ['-X', setting]);
  const { ms } = await kcat(['-P', '-b', address, '-t', topic, '-p', '0', ...options, '-l', file]);
  const { out } = await kcat(['-Q', '-b', address, '-t', `${topic}:0:-1`], 'pipe');
  if (!out.includes(`offset ${MESSAGES}`)) throw new Error(`${MESSAGES} messages were written, there is ${out}`);
  return (MESSAGES * 1000) / ms;
}

/** @param {string} address @param {string} topic @returns {Promise<number>} messages per second */
export async function read(address, topic) {
  const args = ['-C', '-b', address, '-t', topic, '-p', '0', '-o', 'beginning', '-c', String(MESSAGES), '-q'];
  // It ends by itself only when it has got all of them.
  return (MESSAGES * 1000) / (await kcat(args)).ms;
}
