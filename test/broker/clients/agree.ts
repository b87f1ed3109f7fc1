import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type Command, clients } from './found/clients.js';

/** What came of each step of a client's script. */
type Answers = Record<string, unknown>;

/**
 * Runs a client's script against our broker and compares each answer with the one that Apache Kafka 4.3.1 gave. Where
 * a real Kafka runs, it must still give that answer; `STREAMBOOK_MATRIX_UPDATE=1` records it anew.
 */
export async function agrees(name: string): Promise<void> {
  const client = await clients[name]!();
  if ('missing' in client) {
    describe.skip(`${name} (skipped: ${client.missing})`, () => it('is not here', () => {}));
    console.log(`${name}: skipped, ${client.missing}`);
    return;
  }
  const file = fileURLToPath(new URL(`fixtures/${name}.json`, import.meta.url));
  if (process.env.STREAMBOOK_MATRIX_UPDATE === '1') {
    const answers = await run(client, inject('real'));
    writeFileSync(file, `${JSON.stringify(answers, undefined, 1)}\n`);
  }
  const recorded: Answers = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};

  describe(`${name} and our broker`, () => {
    let ours: Answers;
    beforeAll(async () => {
      ours = await run(client, inject('ours'));
    });
    it.each(Object.keys(recorded))('%s', (step) => expect(ours[step]).toEqual(recorded[step]));
    it('no step more', () => expect(Object.keys(ours).sort()).toEqual(Object.keys(recorded).sort()));
  });

  describe.skipIf(inject('real') === '')(`${name} and the real Kafka`, () => {
    it('answers as recorded', { timeout: 200_000 }, async () => {
      expect(await run(client, inject('real'))).toEqual(recorded);
    });
  });
}

let runs = 0;

function run({ command, args, env }: Command, broker: string): Promise<Answers> {
  const prefix = `m${process.pid}x${++runs}`;
  const child = spawn(command, [...args, broker, prefix], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 180_000,
  });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const lines = out.split('\n').filter((line) => line.startsWith('{'));
      if (code !== 0) reject(new Error(`ended with ${code ?? signal} after ${lines.at(-1)}\n${errors.slice(-2000)}`));
      else resolve(Object.fromEntries(lines.map((line) => JSON.parse(line)).map(({ step, answer }) => [step, answer])));
    });
  });
}
