import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What a program said, and how it ended. */
export interface Ended {
  /** `null` when it could not be started, or was killed. */
  readonly code: number | null;
  readonly output: string;
  /** Whether there is no such program. */
  readonly missing: boolean;
}

/** Runs a program to its end. One that is not there is an answer, too. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    // On Windows Maven is a batch file, which only a shell starts; no argument here comes from outside.
    const shell = process.platform === 'win32' && command.endsWith('.cmd');
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      shell,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    let output = '';
    const take = (text: string): void => {
      output = (output + text).slice(-100_000);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: null, output: error.message, missing: error.code === 'ENOENT' }),
    );
    child.once('close', (code) => resolve({ code, output, missing: false }));
  });
}

/** A program of the JDK: the one of JAVA_HOME before that on the path. */
export function javaProgram(env: NodeJS.ProcessEnv = process.env): string {
  const home = env.JAVA_HOME;
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
}

export const mavenProgram = process.platform === 'win32' ? 'mvn.cmd' : 'mvn';
