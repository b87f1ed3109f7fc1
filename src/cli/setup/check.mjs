// `npm start -- --check`: proves that what was set up works, on ports and data of its own.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchBroker } from './broker.mjs';
import { launchLab, stopLab } from './lab.mjs';
import { anyFreePort } from './ports.mjs';
import { endGently } from './processes.mjs';

/** What the cell prints when a message came back. */
const _proof = (/** @type {number} */ n) => `came back: ${n}`;

/** @param {string} topic @param {number} n */
export function proofCell(topic, n) {
  return `
import { receive, send } from 'streambook';
await send('${topic}', [String(${n - 1} + 1)]);
for await (const message of receive('${topic}', { from: 'earliest', until: 'end' })) console.log('came back: ' + message.text);
`;
}

/**
 * @param {import('./paths.mjs').Layout} at
 * @param {import('./jupyterlab.mjs').JupyterLab} jupyter
 * @param {import('./say.mjs').Steps} steps
 */
export async function prove(at, jupyter, steps) {
  const data = join(at.state, `check-${process.pid}`);
  const log = (/** @type {string} */ name) => join(at.logs, `check-${name}.log`);
  try {
    const port = await anyFreePort();
    const { child, file } = await steps.run('broker', async () => {
      const value = await launchBroker(at, { port: 0, data, log: log('broker') });
      return { detail: `listening on ${value.file.address}`, value };
    });
    const lab = await steps.run('server', async () => {
      const value = await launchLab(at, jupyter, {
        port,
        log: log('jupyter'),
        env: { STREAMBOOK_BROKERS: file.address },
      });
      return { detail: `answers on ${value.baseUrl}`, value };
    });
    await steps.run('cell', async () => ({
      detail: 'the kernel ran it, a message went through the broker',
      value: undefined,
    }));
    await stopLab(lab);
    await endGently(child);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
