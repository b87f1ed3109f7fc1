import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { livingBroker } from './broker.mjs';
import { isAlive } from './processes.mjs';
import { SetupError } from './say.mjs';
import { livingStarts } from './starts.mjs';

/**
 * Empties `.streambook/`: topics, offsets, logs, notebook settings. The packages and JupyterLab stay.
 *
 * @param {import('./paths.mjs').Layout} at
 * @throws {SetupError} while something of this project runs
 */
export async function reset(at) {
  const starts = livingStarts(at.starts).filter((pid) => pid !== process.pid);
  if (starts.length > 0) {
    throw new SetupError(
      `\`npm start\` is running here (process ${starts.join(', ')}), so nothing was emptied.`,
      'End it with Ctrl-C in its terminal, then run the same command again.',
    );
  }
  const broker = (await livingBroker(at.brokerFile))?.pid ?? lockHolder(at.brokerData);
  if (broker !== undefined) {
    throw new SetupError(
      `A broker of this project is running (process ${broker}), so nothing was emptied.`,
      'End that process, then run the same command again.',
    );
  }
  try {
    for (const name of readdirSync(at.state)) rmSync(join(at.state, name), { recursive: true, force: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return;
    throw new SetupError(
      'Something in .streambook/ could not be removed.',
      'A program may still hold a file there (a kernel, an editor, a broker): end it, then run the same command again.',
      error instanceof Error ? error.message : String(error),
    );
  }
}

/**
 * A broker that was started by hand has the same data, and stands in no list of ours.
 *
 * @param {string} data
 * @returns {number | undefined} its pid
 */
function lockHolder(data) {
  try {
    const { pid } = JSON.parse(readFileSync(join(data, '.lock'), 'utf8'));
    return Number.isInteger(pid) && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
