// `npm start -- --check`: proves that what was set up works, with ports and data of its own.
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchBroker } from './broker.mjs';
import { built, quietly } from './kernel.mjs';
import { call, launchLab, stopLab } from './lab.mjs';
import { anyFreePort } from './ports.mjs';
import { endGently } from './processes.mjs';
import { SetupError, tail } from './say.mjs';
import { settled } from './setup.mjs';

/**
 * A cell that prints a number which only a running kernel can have computed, and only a broker can have brought back.
 *
 * @param {number} seed
 */
export function proofCell(seed) {
  return `import { receive, send } from 'streambook';
const sent: number = ${seed} + 1;
await send('check', [String(sent)]);
const [received] = await receive('check', { from: 'earliest', until: 'end' }).toArray();
console.log('came back:', Number(received.text) + 1);`;
}

/**
 * @param {import('./paths.mjs').Layout} at
 * @param {import('./jupyterlab.mjs').JupyterLab} jupyter
 * @param {import('./say.mjs').Steps} steps
 */
export async function prove(at, jupyter, steps) {
  const data = join(at.state, `check-${process.pid}`);
  // Of this process alone: what the broker of another check says must not pass for ours.
  const logs = join(at.logs, `check-${process.pid}`);
  const log = (/** @type {string} */ name) => join(logs, `${name}.log`);
  const forget = () => rmSync(data, { recursive: true, force: true });
  process.once('exit', forget);

  // The kernel asks for the broker when the cell does, so its port is chosen before either is there.
  const [brokerPort, labPort] = [await anyFreePort(), await anyFreePort()];
  const [broker, lab] = await settled(
    steps.run('broker', async () => {
      const value = await launchBroker(at, { port: brokerPort, data, log: log('broker') });
      return { detail: `listens on ${value.file.address}`, value };
    }),
    steps.run('server', async () => {
      const env = { STREAMBOOK_BROKERS: `127.0.0.1:${brokerPort}` };
      const value = await launchLab(at, jupyter, { port: labPort, log: log('jupyter'), env });
      const status = await call(value, 'GET', 'lab');
      if (status !== 200) throw new SetupError(`JupyterLab answered with ${status}.`, `See ${value.log}.`);
      return { detail: `JupyterLab answers on port ${labPort}`, value };
    }),
  );
  try {
    await steps.run('cell', () => quietly(() => runProof(at, lab, logs)));
  } catch (error) {
    await stopLab(lab);
    throw error;
  }
  await steps.run('stop', async () => {
    await stopLab(lab);
    const clean = await endGently(broker.child, 8000);
    forget();
    process.removeListener('exit', forget);
    if (!clean) throw new SetupError('The broker did not stop when asked.', `See ${log('broker')}.`);
    rmSync(logs, { recursive: true, force: true });
    return { detail: 'server, kernel and broker have ended', value: undefined };
  });
}

/**
 * @param {import('./paths.mjs').Layout} at
 * @param {import('./lab.mjs').Lab} lab
 * @param {string} logs
 * @returns {Promise<{ detail: string, value: undefined }>}
 */
async function runProof(at, lab, logs) {
  /** @type {typeof import('../../kernel/client/index.js')} */
  const { openKernel } = await built(at, 'kernel/client/index.js');
  const seed = randomInt(1_000_000);
  const kernel = await openKernel(lab);
  try {
    const { status, outputs } = await kernel.execute(proofCell(seed));
    const said = outputs.map(asText).join('\n');
    if (status !== 'ok' || !said.includes(`came back: ${seed + 2}`)) {
      throw new SetupError(
        'The kernel did not bring a message back from the broker.',
        `What the cell said is above; see also ${logs}. Run the same command again; if it stays, please report it with these lines.`,
        tail(said),
      );
    }
  } finally {
    await kernel.shutdown().catch(() => {});
  }
  return { detail: 'the kernel ran it, a message went through the broker', value: undefined };
}

/** @param {import('../../kernel/client/index.js').Output} output */
function asText(output) {
  if (output.output_type === 'stream') return output.text;
  if (output.output_type === 'error') return output.traceback.join('\n');
  return String(output.data['text/plain']);
}
