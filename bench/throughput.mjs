// What the throughput workloads have in common: programs are run from outside, engines in turn, and what they print is
// checked. A program prints its first result as soon as it has it, and a last line that begins with END.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './table.mjs';

/** @typedef {{ eventsPerSecond: number, firstResultMs: number, peakRssMb: number, wallMs: number }} Run */
/**
 * A program to run: how many events it reads, what its last line must look like. Named groups in it are numbers to report.
 *
 * @typedef {{ command: string[], events: number, end: RegExp, env?: Record<string, string> }} Program
 */

const here = dirname(fileURLToPath(import.meta.url));

/**
 * A program of ours.
 *
 * @param {string} name
 * @param {string[]} args
 */
export const own = (name, ...args) => [process.execPath, join(here, 'programs', `${name}.mjs`), ...args];

/**
 * Runs a program once.
 *
 * @param {Program} program
 * @returns {Promise<Run>}
 */
async function once({ command, events, end, env }) {
  const [executable, ...args] = /** @type {[string, ...string[]]} */ (command);
  const began = performance.now();
  const child = spawn(executable, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let firstAt = 0;
  let text = '';
  let errors = '';
  let rssKb = 0;
  const sampler = setInterval(() => {
    rssKb = Math.max(rssKb, residentKb(child.pid));
  }, 50);
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
    if (firstAt === 0) firstAt = performance.now();
    text += part;
  });
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
    errors += part;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(sampler);
  const ended = performance.now();
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  const told = end.exec(last);
  if (code !== 0 || told === null) {
    throw new Error(`wrong result of ${command.join(' ')} (exit code ${code}): ${last}\n${errors}`);
  }
  return {
    eventsPerSecond: Math.round((events * 1000) / (ended - firstAt)),
    firstResultMs: Math.round(firstAt - began),
    peakRssMb: Math.round(rssKb / 1024),
    wallMs: Math.round(ended - began),
    ...Object.fromEntries(Object.entries(told.groups ?? {}).map(([name, value]) => [name, Number(value)])),
  };
}

/**
 * Only Linux tells without a helper program.
 *
 * @param {number | undefined} pid
 */
function residentKb(pid) {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return 0;
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/**
 * Runs all engines in turn, so that what else goes on in the machine meets all of them.
 *
 * @param {Record<string, Program>} programs
 * @param {{ runs: number, report: (line: string) => void }} options
 */
export async function compare(programs, { runs, report }) {
  /** @type {Record<string, Run[]>} */
  const all = {};
  for (let i = 0; i < runs; i++) {
    // Every other time from the end: neither of two always comes first.
    const inTurn = Object.entries(programs);
    for (const [engine, program] of i % 2 === 0 ? inTurn : inTurn.reverse()) {
      const run = await once(program);
      all[engine] = [...(all[engine] ?? []), run];
      report(`${engine}: ${run.eventsPerSecond.toLocaleString('en-GB')} events/s`);
    }
  }
  return Object.fromEntries(
    Object.keys(programs).map((engine) => {
      const list = all[engine] ?? [];
      const middle = median(list.map((run) => run.eventsPerSecond));
      const run = list.reduce((a, b) =>
        Math.abs(b.eventsPerSecond - middle) < Math.abs(a.eventsPerSecond - middle) ? b : a,
      );
      return [engine, { ...run, runs: list }];
    }),
  );
}

/**
 * How many times as fast one program is as another: the median over the pairs that ran side by side. What else goes on in
 * the machine changes from second to second; it meets both of a pair.
 *
 * @param {Record<string, { runs: readonly { eventsPerSecond: number }[] }>} results
 * @param {string} engine
 * @param {string} peer
 */
export function pairedRatio(results, engine, peer) {
  const rates = (/** @type {string} */ name) => (results[name]?.runs ?? []).map((run) => run.eventsPerSecond);
  const peers = rates(peer);
  return median(rates(engine).map((rate, i) => rate / (peers[i] ?? Number.NaN)));
}

/**
 * Which share of the rate one program costs against another.
 *
 * @param {Parameters<typeof pairedRatio>} args
 */
export const pairedCost = (...args) => 1 - pairedRatio(...args);

/**
 * A workload with a goal: so many times the rate of a peer that runs beside it. `ratio` in its results is to that peer.
 *
 * @param {() => Promise<Record<string, Program>>} programs
 * @param {number} goal
 * @param {string} [peer] default `js-objects`
 */
export const race = (programs, goal, peer = 'js-objects') => ({
  runs: 7,
  /** @param {{ runs: number, report: (line: string) => void }} options */
  async run(options) {
    const results = await compare(await programs(), options);
    return Object.fromEntries(
      Object.entries(results).map(([engine, result]) => [
        engine,
        { ...result, ratio: pairedRatio(results, engine, peer) },
      ]),
    );
  },
  /** @param {Record<string, { ratio?: number }>} results */
  misses(results) {
    const ratio = results.streambook?.ratio ?? Number.NaN;
    return ratio >= goal ? [] : [`streambook is ${ratio.toFixed(2)} times ${peer}; the goal is ${goal}`];
  },
});
