// `npm test` and `npm run test:long`: sets up like `npm start`, runs every section, and counts.
import { explain, explainAll } from './failures.mjs';
import { layout, projectRoot } from './paths.mjs';
import { endAll, killAll } from './processes.mjs';
import { Interrupted, inSeconds, SetupError, Steps } from './say.mjs';
import { inTime } from './section-kinds.mjs';
import { longSections, sections } from './sections.mjs';
import { setUp } from './setup.mjs';
import { onStop } from './signals.mjs';

/**
 * @typedef {object} Count what a section ends with
 * @property {number} passed
 * @property {number} failed
 * @property {string} [skipped] why nothing was run
 * @property {readonly string[]} [failures] what failed and why, as far as it is known by name
 * @property {readonly string[]} [secondTry] what failed, was tried again, and passed
 */

/**
 * @typedef {object} Section
 * @property {string} name to choose it by: `npm test -- units`
 * @property {string} about
 * @property {(at: import('./paths.mjs').Layout) => Promise<Count>} run its output goes to the terminal
 * @property {number} [minutes] after which it is ended and counts as failed; default 30
 */

const usage = `npm test [-- SECTION...]

Sets up what is missing, then runs everything, or the named sections. \`npm run test:long\` runs what takes longer.

`;

/** @param {readonly string[]} args */
export async function main(args) {
  const long = args.includes('--long');
  const names = args.filter((arg) => arg !== '--long');
  const all = long ? longSections : sections;
  if (names.includes('--help')) {
    console.log(usage + all.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n'));
    return;
  }
  const strange = names.find((name) => !all.some((section) => section.name === name));
  if (strange !== undefined) {
    console.error(`There is no section \`${strange}\`. The sections are: ${all.map(({ name }) => name).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  const stop = onStop();
  const steps = new Steps();
  const total = { passed: 0, failed: 0 };
  try {
    const at = layout(projectRoot);
    console.log('streambook: setting up');
    await stop.unless(setUp(at, steps));
    steps.close();
    const lines = await stop.unless(runSections(at, names.length === 0 ? all : pick(all, names), total));
    console.log(`\n${lines.join('\n')}\n`);
  } catch (error) {
    steps.close();
    total.failed += 1;
    if (error instanceof Interrupted || stop.asked) {
      console.error('\nInterrupted.');
      process.exitCode = 130;
    } else {
      console.error(`\n${explainAll(steps, error)}`);
      console.error();
    }
  }
  await endAll();
  console.log(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode ||= 1;
  setTimeout(() => process.exit(), 1000).unref();
}

/**
 * @param {readonly Section[]} all
 * @param {readonly string[]} names
 */
function pick(all, names) {
  return all.filter(({ name }) => names.includes(name));
}

/**
 * One after the other: they share the processor, and their output shall be readable.
 *
 * @param {import('./paths.mjs').Layout} at
 * @param {readonly Section[]} chosen
 * @param {{ passed: number, failed: number }} total
 * @returns {Promise<string[]>} a line each
 */
async function runSections(at, chosen, total) {
  /** @type {string[]} */
  const lines = [];
  /** @type {string[]} */
  const failures = [];
  /** @type {string[]} */
  const secondTry = [];
  for (const { name, about, run, minutes = 30 } of chosen) {
    console.log(`\n== ${name}: ${about}\n`);
    const since = performance.now();
    /** @type {Count} */
    let count;
    try {
      count = await inTime(run(at), minutes);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      console.error(error instanceof SetupError ? explain(error) : error);
      count = { passed: 0, failed: 1 };
    }
    total.passed += count.passed;
    total.failed += count.failed;
    const result =
      count.skipped === undefined ? `${count.passed} passed, ${count.failed} failed` : `skipped: ${count.skipped}`;
    const line = `  ${count.failed > 0 ? '!!' : count.skipped === undefined ? 'ok' : '--'}  ${name.padEnd(14)} ${result} (${inSeconds(performance.now() - since)})`;
    console.log(line);
    lines.push(line);
    for (const text of count.failures ?? []) failures.push(`${name}: ${text}`);
    for (const text of count.secondTry ?? []) secondTry.push(`${name}: ${text}`);
  }
  // Once more at the end: what matters of a long log.
  if (failures.length > 0) lines.push('', 'Failed:', '', ...failures);
  if (secondTry.length > 0) lines.push('', 'Passed only when tried again, to be mended:', '', ...secondTry);
  return lines;
}

process.once('uncaughtException', (error) => {
  console.error(error);
  killAll();
  console.log('0 passed, 1 failed');
  process.exit(1);
});
