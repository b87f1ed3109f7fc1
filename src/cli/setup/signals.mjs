import { killAll } from './processes.mjs';
import { Interrupted } from './say.mjs';

/**
 * @typedef {object} Stop
 * @property {boolean} asked whether the reader has asked us to stop
 * @property {Promise<undefined>} promise resolves when they ask
 * @property {<T>(work: Promise<T>) => Promise<T>} unless the work's result; throws `Interrupted` when they ask first
 */

/** npm hands Ctrl-C on to us beside the terminal, so one keystroke may come twice. */
const IMPATIENT_AFTER_MS = 1500;

/**
 * Listens for Ctrl-C, for a closed terminal or console window, and for `kill`. A second Ctrl-C, after a moment, ends
 * everything at once.
 *
 * @returns {Stop}
 */
export function onStop() {
  /** @type {(value: undefined) => void} */
  let resolve = () => {};
  /** @type {Stop} */
  const stop = {
    asked: false,
    promise: new Promise((done) => {
      resolve = done;
    }),
    async unless(work) {
      // What fails after the interruption is of no interest.
      work.catch(() => {});
      return Promise.race([
        work,
        stop.promise.then(() => {
          throw new Interrupted();
        }),
      ]);
    },
  };
  let askedAt = 0;
  const ask = () => {
    if (!stop.asked) {
      stop.asked = true;
      askedAt = performance.now();
      resolve(undefined);
    } else if (performance.now() - askedAt > IMPATIENT_AFTER_MS) {
      killAll();
      process.exit(130);
    }
  };
  // SIGHUP is also what Node makes of a closed console window on Windows, SIGBREAK of Ctrl-Break.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'])) process.on(signal, ask);
  return stop;
}
