import { type ChildProcess, spawn } from 'node:child_process';
import type { ProgramSettings } from './program.js';

/** How many kills a test makes: 20, or what FAULT_KILLS says. */
export const KILLS = Number(process.env.FAULT_KILLS ?? 20);

/** Where a guarantee promises less than exactly-once, fewer show it: 7, or what FAULT_KILLS says. */
export const FEW_KILLS = Number(process.env.FAULT_KILLS ?? 7);

/** Moments with a name, and moments without one: where to kill next. */
export type Kill = { readonly afterMs: number } | { readonly point: string; readonly count: number };

/** Kills in turn: one at random, one at each of the named moments, whether or not the one before came to pass. */
export function killPlan(points: readonly string[], longestMs: number): () => Kill {
  let next = 0;
  return () => {
    const turn = next++ % (points.length * 2);
    if (turn % 2 === 0) return { afterMs: 200 + Math.random() * longestMs };
    // Not only the first time that it comes: it is then that nothing has happened yet.
    return { point: points[(turn - 1) / 2] as string, count: 1 + Math.floor(Math.random() * 8) };
  };
}

export interface Outcome {
  /** How often the process was killed before it came to its end. */
  readonly kills: number;
  readonly log: string;
}

/** Runs the program to its end, killing it on the way at most so often. @throws when it fails by itself */
export async function runKilling(
  program: string,
  settings: ProgramSettings,
  killAt: () => Kill,
  mostKills: number,
): Promise<Outcome> {
  let kills = 0;
  let log = '';
  for (;;) {
    const kill = kills < mostKills ? killAt() : undefined;
    const dieAt = kill !== undefined && 'point' in kill ? kill : undefined;
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, FAULT_PROGRAM: JSON.stringify(dieAt === undefined ? settings : { ...settings, dieAt }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
      });
    }
    const ended = endOf(child);
    const timer =
      kill !== undefined && 'afterMs' in kill ? setTimeout(() => child.kill('SIGKILL'), kill.afterMs) : undefined;
    const { code, signal } = await ended;
    clearTimeout(timer);
    log += output;
    if (code === 0) return { kills, log };
    if (signal !== 'SIGKILL') throw new Error(`the program failed by itself (${String(code)}):\n${output}`);
    kills++;
  }
}

function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

export interface InputEvent {
  readonly key: string;
  readonly at: number;
  readonly n: number;
}

/**
 * Events in the order of their timestamps, 25 a second, of the last hour: results carry event time into Kafka, and a
 * broker deletes what is older than its retention.
 */
export function events(count: number): InputEvent[] {
  const first = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  return Array.from({ length: count }, (_, n) => ({ key: `k${n % 7}`, at: first + n * 40, n }));
}

/** What the program has to write in the end, sorted. */
export function expectedResults(input: readonly InputEvent[]): string[] {
  const windows = new Map<string, { key: string; start: number; sum: number; count: number }>();
  for (const { key, at, n } of input) {
    const start = at - (at % 1000);
    const id = `${key}/${start}`;
    const window = windows.get(id) ?? { key, start, sum: 0, count: 0 };
    window.sum += n;
    window.count++;
    windows.set(id, window);
  }
  return [...windows.values()].map((window) => JSON.stringify(window)).sort();
}

export interface Difference {
  readonly lost: number;
  readonly doubled: number;
  readonly wrong: number;
}

/** What several runs lack, and how often they were killed. */
export type Total = { -readonly [K in keyof Difference]: number } & { kills: number };

export const noDifference = (): Total => ({ lost: 0, doubled: 0, wrong: 0, kills: 0 });

export function add(total: Total, { lost, doubled, wrong, kills }: Readonly<Total>): void {
  total.lost += lost;
  total.doubled += doubled;
  total.wrong += wrong;
  total.kills += kills;
}

/** How what was written differs from what was to be written. */
export function compare(written: readonly string[], expected: readonly string[]): Difference {
  const counts = new Map<string, number>();
  for (const line of written) counts.set(line, (counts.get(line) ?? 0) + 1);
  let lost = 0;
  let doubled = 0;
  for (const line of expected) {
    const count = counts.get(line) ?? 0;
    if (count === 0) lost++;
    doubled += Math.max(0, count - 1);
    counts.delete(line);
  }
  let wrong = 0;
  for (const count of counts.values()) wrong += count;
  return { lost, doubled, wrong };
}
