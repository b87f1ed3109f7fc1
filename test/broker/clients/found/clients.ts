import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from '../../../../src/cli/setup/packages.mjs';
import { findPython, pythonIn } from '../../../../src/cli/setup/python.mjs';
import { cached, must } from './cache.js';
import { kafkaJars } from './kafka-jars.js';

/** How to run a client's script. `BROKER PREFIX` follow. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Finds or installs a client; gives the reason where that cannot be. */
export type Client = () => Promise<Command | { readonly missing: string }>;

const scripts = join(dirname(fileURLToPath(import.meta.url)), '..', 'scripts');
const node = (script: string, env: Readonly<Record<string, string>> = {}): Command => ({
  command: process.execPath,
  args: [join(scripts, script)],
  env,
});

const PYTHON_CLIENTS = ['confluent-kafka==2.16.1', 'kafka-python==3.0.12'];
const PLATFORMATIC = '@platformatic/kafka@1.35.0';

function python(script: string): Client {
  return async () => {
    const { python } = await findPython();
    if (python === undefined) return { missing: 'there is no Python here' };
    const name = PYTHON_CLIENTS.map((one) => one.replace('==', '-')).join('-');
    const found = await cached(`${name}-python-${python.version}`, async (folder) => {
      await must(python.command, [...python.args, '-m', 'venv', folder]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
      await must(pythonIn(folder), [...pip, ...PYTHON_CLIENTS]);
    });
    if ('missing' in found) return found;
    return { command: pythonIn(found.folder), args: [join(scripts, script)], env: { PYTHONDONTWRITEBYTECODE: '1' } };
  };
}

export const clients: Readonly<Record<string, Client>> = {
  kafkajs: async () => node('kafkajs.mjs'),
  kcat: async () => {
    try {
      await must('kcat', ['-V']);
      return node('kcat.mjs');
    } catch {
      return { missing: 'there is no kcat here (Debian: apt install kcat)' };
    }
  },
  confluent: python('confluent.py'),
  'kafka-python': python('kafka_python.py'),
  java: async () => {
    const jars = await kafkaJars();
    if ('missing' in jars) return jars;
    return node('java.mjs', { STREAMBOOK_KAFKA_JARS: join(jars.folder, 'libs') });
  },
  platformatic: async () => {
    const found = await cached(PLATFORMATIC.replaceAll(/[@/]/g, '-').slice(1), async (folder) => {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
      const npm = npmCommand();
      await must(npm.command, [...npm.args, 'install', '--no-audit', '--no-fund', PLATFORMATIC], folder);
    });
    if ('missing' in found) return found;
    return node('platformatic.mjs', { STREAMBOOK_PLATFORMATIC: found.folder });
  },
};
