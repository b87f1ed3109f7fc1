import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Tests that kill a broker need it in a process of its own, and a process needs JavaScript. The rooms that the command
 * `streambook broker` consists of are stripped of their types, file by file, into a folder named after their content:
 * always what `src` says now, without waiting for (or breaking on) a build of everything.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const rooms = ['core', 'wire', 'broker', 'cli'];

const built = new Map<readonly string[], Promise<string>>();

/**
 * The path of an executable `streambook` made of the present sources.
 *
 * @param of the rooms that the command needs
 */
export function builtCli(of: readonly string[] = rooms): Promise<string> {
  const made = built.get(of) ?? build(of);
  built.set(of, made);
  return made;
}

async function build(rooms: readonly string[]): Promise<string> {
  const files = rooms.flatMap((room) => sources(join('src', room)));
  const hash = createHash('sha256');
  const texts = files.map((file) => [file, fs.readFileSync(join(root, file), 'utf8')] as const);
  for (const [file, text] of texts) hash.update(`${file}\0${text}\0`);
  // Below node_modules, so that the packages are found from there.
  const cache = join(root, 'node_modules', '.cache', 'streambook-test');
  const target = join(cache, hash.digest('hex').slice(0, 16));
  const main = join(target, 'dist', 'cli', 'main.js');
  if (fs.existsSync(main)) return main;
  const { default: ts } = await import('typescript');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { compilerOptions } = config as { compilerOptions: object };
  // One file at a time cannot see from package.json that it is a module.
  const emit = { ...compilerOptions, noEmit: false, module: 'ES2022', moduleResolution: 'bundler' };
  const { options } = ts.convertCompilerOptionsFromJson(emit, root);
  const partial = `${target}.${process.pid}`;
  for (const [file, text] of texts) {
    const to = join(partial, 'dist', file.slice(4).replace(/\.ts$/, '.js'));
    fs.mkdirSync(dirname(to), { recursive: true });
    fs.writeFileSync(to, ts.transpileModule(text, { compilerOptions: options, fileName: join(root, file) }).outputText);
  }
  fs.copyFileSync(join(root, 'package.json'), join(partial, 'package.json'));
  try {
    fs.renameSync(partial, target);
  } catch (error) {
    // Another test process was faster.
    if (!fs.existsSync(main)) throw error;
    fs.rmSync(partial, { recursive: true, force: true });
  }
  return main;
}

function sources(folder: string): string[] {
  return fs
    .readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .sort();
}

/** A broker in a process of its own. */
export interface BrokerProcess {
  readonly child: ChildProcess;
  readonly address: string;
  readonly port: number;
  /** All that it wrote to standard error so far. */
  readonly errors: () => string;
  /** Sends a signal, and resolves with the exit code (null: ended by the signal) when it is gone. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts `streambook broker` and waits for its line; rejects with what it said if it ends before.
 *
 * @param through a command that runs the one behind it
 */
export async function spawnBroker(args: readonly string[], through: readonly string[] = []): Promise<BrokerProcess> {
  const [command, ...rest] = [...through, process.execPath, await builtCli(), 'broker', ...args];
  const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
      const match = /^listening on (\S+)\n$/.exec(out);
      if (match) resolve(match[1]!);
    });
    child.once('close', (code) => reject(new Error(`the broker ended with ${code}: ${errors || out}`)));
  });
  return {
    child,
    address,
    port: Number(address.slice(address.lastIndexOf(':') + 1)),
    errors: () => errors,
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}
