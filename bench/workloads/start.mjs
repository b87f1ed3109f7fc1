// How long a reader waits: for a set-up that is there already, for the first cell of a notebook, for the ones after it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchBroker } from '../../src/cli/setup/broker.mjs';
import { built, quietly } from '../../src/cli/setup/kernel.mjs';
import { launchLab, stopLab } from '../../src/cli/setup/lab.mjs';
import { layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { anyFreePort } from '../../src/cli/setup/ports.mjs';
import { endAll, endGently, run as runProgram } from '../../src/cli/setup/processes.mjs';
import { Steps } from '../../src/cli/setup/say.mjs';
import { setUp } from '../../src/cli/setup/setup.mjs';
import { median } from '../table.mjs';

/** In ms; what a reader should not have to wait longer for. */
const goals = { warmCheckMs: 15_000, firstCellMs: 3000, importMs: 300, cellMs: 200 };

/** @typedef {typeof goals} Times */

const firstCell = `import { receive, seconds, send, show } from 'streambook';
console.log('ready after', seconds(1), 'ms');`;

/** The import alone, as the cell itself sees it: in a kernel of its own, where nothing is loaded yet. */
const importCell = `const before = performance.now();
await import('streambook');
console.log('import took', performance.now() - before);`;

/** What a chapter's cells do: send some, read the topic, show a table. The first one also makes the topic. */
const typicalCell = (
  /** @type {number} */ n,
) => `await send('bench', Array.from({ length: 10 }, (_, i) => 'message ' + i));
const got${n} = await receive('bench', { from: 'earliest', until: 'end' }).toArray();
await show(got${n}.map((m) => ({ offset: String(m.offset), text: m.text })));
console.log('rows', got${n}.length);`;

/**
 * @param {import('../../src/kernel/client/index.js').Executed} executed
 * @param {RegExp} expected
 */
function said(executed, expected) {
  const text = executed.outputs.map((output) => (output.output_type === 'stream' ? output.text : '')).join('');
  const found = expected.exec(text);
  if (executed.status !== 'ok' || found === null) {
    throw new Error(`a cell did not do what it should: ${JSON.stringify(executed.outputs).slice(0, 1000)}`);
  }
  return found;
}

/** @returns {Promise<number>} ms */
async function warmCheck() {
  const since = performance.now();
  const ended = await runProgram(process.execPath, [join(projectRoot, 'src/cli/setup/start.mjs'), '--check']);
  if (ended.code !== 0) throw new Error(`npm start -- --check failed:\n${ended.output}`);
  return performance.now() - since;
}

/**
 * @param {import('../../src/cli/setup/lab.mjs').Lab} lab
 * @returns {Promise<Omit<Times, 'warmCheckMs'>>}
 */
async function cells(lab) {
  /** @type {typeof import('../../src/kernel/client/index.js')} */
  const { openKernel } = await built(layout(projectRoot), 'kernel/client/index.js');
  const fresh = await openKernel(lab);
  const importMs = Number(said(await fresh.execute(importCell), /import took (\S+)/)[1]);
  await fresh.shutdown();

  // From the moment a notebook is opened: the kernel has to start, too.
  const opened = performance.now();
  const kernel = await openKernel(lab);
  said(await kernel.execute(firstCell), /ready after 1000 ms/);
  const firstCellMs = performance.now() - opened;
  const times = [];
  for (let n = 0; n < 10; n++) {
    const since = performance.now();
    said(await kernel.execute(typicalCell(n)), new RegExp(`rows ${10 * (n + 1)}\\b`));
    times.push(performance.now() - since);
  }
  await kernel.shutdown();
  return { firstCellMs, importMs, cellMs: median(times) };
}

/** @type {import('../run.mjs').Workload} */
export default {
  about: 'a warm `npm start -- --check`; the first cell from opening a notebook, import included; the import; a cell',
  async run({ runs, report }) {
    const at = layout(projectRoot);
    const steps = new Steps({ quiet: true });
    const jupyter = await setUp(at, steps);
    steps.close();
    /** @type {Times[]} */
    const all = [];
    try {
      for (let i = 0; i < runs; i++) {
        const warmCheckMs = await warmCheck();
        const data = join(at.state, `bench-${process.pid}-${i}`);
        const broker = await launchBroker(at, { port: 0, data, log: join(at.logs, 'bench-broker.log') });
        const env = { STREAMBOOK_BROKERS: broker.file.address };
        const lab = await launchLab(at, jupyter, {
          port: await anyFreePort(),
          log: join(at.logs, 'bench-jupyter.log'),
          env,
        });
        const times = { warmCheckMs, ...(await quietly(() => cells(lab))) };
        all.push(times);
        report(
          Object.entries(times)
            .map(([name, ms]) => `${name} ${Math.round(ms)}`)
            .join(', '),
        );
        await stopLab(lab);
        await endGently(broker.child);
        rmSync(data, { recursive: true, force: true });
      }
    } finally {
      await endAll();
    }
    const medians = Object.fromEntries(
      Object.keys(goals).map((name) => [
        name,
        Math.round(median(all.map((times) => times[/** @type {keyof Times} */ (name)]))),
      ]),
    );
    return { streambook: { ...medians, runs: all } };
  },
  misses(results) {
    return Object.entries(goals).flatMap(([name, goal]) => {
      const ms = results.streambook?.[name];
      return typeof ms === 'number' && ms < goal ? [] : [`${name} is ${ms}, the goal is below ${goal}`];
    });
  },
};
