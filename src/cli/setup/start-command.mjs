// `npm start`: sets up, starts broker and JupyterLab, and stops both when asked.
import { join } from 'node:path';
import { parseStartArguments, startUsage } from './arguments.mjs';
import { findKafka, joinBroker, leaveBroker, watchBroker } from './broker.mjs';
import { openBrowser } from './browser.mjs';
import { prove } from './check.mjs';
import { explain, explainAll } from './failures.mjs';
import { insistOnPort, labTrouble, serveNotebooks, stopLab } from './lab.mjs';
import { layout, projectRoot } from './paths.mjs';
import { endAll, killAll } from './processes.mjs';
import { reset } from './reset.mjs';
import { Interrupted, inSeconds, Steps } from './say.mjs';
import { settled, setUp } from './setup.mjs';
import { onStop } from './signals.mjs';
import { ensureSlides, firstSlides, slidesAddress } from './slides.mjs';

/** @typedef {import('./paths.mjs').Layout} Layout */

/** @param {readonly string[]} args */
export async function main(args) {
  const since = performance.now();
  const steps = new Steps();
  const stop = onStop();
  try {
    const options = parseStartArguments(args);
    if (options.help) {
      console.log(startUsage);
      return;
    }
    const at = layout(projectRoot);
    steps.line('streambook');
    await steps.run('Node.js', async () => ({ detail: process.versions.node, value: undefined }));
    if (options.reset) {
      await steps.run('reset', async () => {
        await reset(at);
        return { detail: '.streambook/ is empty', value: undefined };
      });
    }
    // Asked before the long work: a taken port should not be news after a minute.
    if (options.port !== undefined) await insistOnPort(options.port);
    const jupyter = await stop.unless(setUp(at, steps));
    if (options.slides) await stop.unless(steps.run('slides', (doing) => ensureSlides(at, jupyter, doing)));
    if (options.check) {
      await stop.unless(prove(at, jupyter, steps));
      steps.line(
        `\nIt works: the server answers, the kernel ran a cell, a message went through the broker. ${inSeconds(performance.now() - since)}`,
      );
    } else {
      await serve(at, jupyter, options, steps, stop);
    }
  } catch (error) {
    steps.close();
    if (!(error instanceof Interrupted) && !stop.asked) {
      console.error(`\n${explainAll(steps, error)}`);
      process.exitCode = 1;
    } else {
      console.log('\nStopping ...');
      process.exitCode = 130;
    }
  }
  steps.close();
  await endAll();
  if (process.exitCode === 130) console.log('Stopped. Run the same command again: it goes on where it was.');
  // The loop is empty now, and output on its way is written; should something hold it, it is not waited for.
  setTimeout(() => process.exit(), 1000).unref();
}

/**
 * @param {Layout} at
 * @param {import('./jupyterlab.mjs').JupyterLab} jupyter
 * @param {import('./arguments.mjs').StartOptions} options
 * @param {Steps} steps
 * @param {import('./signals.mjs').Stop} stop
 */
async function serve(at, jupyter, options, steps, stop) {
  /** @type {import('./lab.mjs').Lab | undefined} */
  let lab;
  let joined = false;
  let unwatch = async () => {};
  try {
    const kafka = await findKafka();
    const broker = async () => {
      if (kafka !== undefined) return { detail: kafka.detail, value: undefined };
      joined = true;
      return { detail: (await joinBroker(at)).detail, value: undefined };
    };
    // Side by side, because both take their time: kernels look for the broker only when a cell asks.
    const [started] = await stop.unless(
      settled(
        steps.run('notebooks', async () => {
          const log = (/** @type {number} */ port) => join(at.logs, `jupyter-${port}.log`);
          lab = await serveNotebooks(at, jupyter, { port: options.port, log, env: kafka?.env ?? {} });
          return { detail: `JupyterLab answers on ${lab.baseUrl}`, value: lab };
        }),
        steps.run('broker', broker),
      ),
    );
    const address = options.slides ? slidesAddress(started, firstSlides) : started.address;
    const others = options.slides ? '\n\nOther notebooks likewise: /rise/ and their name. The space bar goes on.' : '';
    steps.line(`\nThe notebooks are open at\n\n    ${address}${others}\n\nCtrl-C here stops everything again.`);
    if (options.open) await openBrowser(address);
    if (joined) unwatch = watchBroker(at, (text) => steps.line(text));
    const crash = await Promise.race([stop.promise, labTrouble(started)]);
    if (crash instanceof Error) throw crash;
    steps.line(stop.asked ? '\nStopping ...' : '\nJupyterLab was shut down. Stopping ...');
  } finally {
    await unwatch();
    if (lab !== undefined) await stopLab(lab);
    const left = joined ? await leaveBroker(at) : undefined;
    if (left !== undefined) steps.line(`Note: ${left}.`);
  }
  steps.line('Stopped. Everything in the notebooks and in the topics is kept.');
}

process.once('uncaughtException', (error) => {
  console.error(`\n${explain(error)}`);
  killAll();
  process.exit(1);
});
