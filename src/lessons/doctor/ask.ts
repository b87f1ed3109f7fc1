import { execFile } from 'node:child_process';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** What a program said. */
export interface Said {
  /** null: it was killed, or is not there. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** There is no such program. */
  readonly missing: boolean;
}

/**
 * Runs a program to its end. One that is not there, or fails, is an answer too.
 *
 * @param limit kills it
 */
export function runProgram(command: string, args: readonly string[], limit: AbortSignal): Promise<Said> {
  return new Promise((resolve) => {
    const options = { signal: limit, killSignal: 'SIGKILL', windowsHide: true, encoding: 'utf8' } as const;
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      // `code` is a number after an exit, a string such as ENOENT when nothing could be started.
      const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
      resolve({ code, stdout, stderr, missing });
    });
  });
}

/** Whether anybody accepts connections on a port of this machine, over IPv4 or IPv6. */
export async function isTaken(port: number, limit: AbortSignal): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => accepts(host, port, limit)));
  return answers.includes(true);
}

function accepts(host: string, port: number, limit: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(700, () => done(false));
    socket.once('connect', () => done(true)).once('error', () => done(false));
    limit.addEventListener('abort', () => done(false), { once: true });
  });
}

const MOST_CHARACTERS = 100_000;

/** What a web server answers with status 200 and valid JSON; undefined for anything else. */
export function getJson(url: string | URL, limit: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    // An agent of our own: the common one may be set to go through a proxy.
    const asked = request(url, { agent: new Agent(), signal: limit, timeout: 1500 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.length > MOST_CHARACTERS) asked.destroy();
      });
      response.once('end', () => resolve(response.statusCode === 200 ? parsed(text) : undefined));
      response.once('error', () => resolve(undefined));
      response.once('close', () => resolve(undefined));
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A property of JSON that may be anything. */
export function textIn(json: unknown, name: string): string | undefined {
  const value = (json as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** What comes of it within the time; undefined when nothing has, or when it failed. */
export function inTime<T>(answer: Promise<T>, limitMs: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs, undefined);
    answer
      .catch(() => undefined)
      .then((value) => {
        clearTimeout(timer);
        resolve(value);
      });
  });
}
