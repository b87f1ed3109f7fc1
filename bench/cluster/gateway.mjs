// The bare SQL Gateway: what a program gets that asks it as plainly as can be, and makes nothing of the answers.
import { setTimeout as delay } from 'node:timers/promises';

/** How long is waited before an empty page is asked for again. */
const PAUSE_MS = 2;

/**
 * @param {string} gateway its address
 * @param {string} path
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {object} [body]
 */
async function ask(gateway, path, method, body) {
  const answer = await fetch(`${gateway}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text);
}

/**
 * Sends statements, the last of which is a query, and reads its rows. Closes everything.
 *
 * @param {string} gateway
 * @param {readonly string[]} statements
 * @param {(rows: readonly { fields: readonly unknown[] }[]) => boolean} take gets each page; false ends it
 */
export async function readBare(gateway, statements, take) {
  const { sessionHandle } = await ask(gateway, '/v3/sessions', 'POST', {
    properties: { 'table.local-time-zone': 'UTC' },
  });
  const session = `/v3/sessions/${sessionHandle}`;
  try {
    for (const statement of statements.slice(0, -1)) {
      await ask(gateway, `${session}/configure-session`, 'POST', { statement });
    }
    const { operationHandle } = await ask(gateway, `${session}/statements`, 'POST', { statement: statements.at(-1) });
    const operation = `${session}/operations/${operationHandle}`;
    /** @type {string | undefined} */
    let next = `${operation}/result/0?rowFormat=JSON`;
    while (next !== undefined) {
      const page = /** @type {{ results?: { data: { fields: unknown[] }[] }, nextResultUri?: string }} */ (
        await ask(gateway, next, 'GET')
      );
      next = page.nextResultUri;
      const rows = page.results?.data ?? [];
      if (rows.length === 0) await delay(PAUSE_MS);
      else if (!take(rows)) break;
    }
    await ask(gateway, `${operation}/close`, 'DELETE');
  } finally {
    await ask(gateway, session, 'DELETE');
  }
}
