import { expect, test } from 'vitest';
import { ExecuteQueue } from '../../src/kernel/execute-queue.js';
import type { Request } from '../../src/kernel/transport/messages.js';

/** A queue under a clock of the test's, with cells that end when told. */
function setup() {
  const clock = { now: 1_000_000 };
  const log: string[] = [];
  const ends = new Map<string, (failedAt: number | undefined) => void>();
  const queue = new ExecuteQueue(
    ({ header }) => {
      log.push(`run ${header.msg_id}`);
      return new Promise((resolve) => ends.set(header.msg_id, resolve));
    },
    ({ header }) => void log.push(`abort ${header.msg_id}`),
    () => clock.now,
  );
  /** @param skewMs how much the client's clock is ahead */
  const send = (id: string, { sentAt = clock.now, skewMs = 0, session = 's' } = {}): void => {
    const date = new Date(sentAt + skewMs).toISOString();
    const header = { msg_id: id, msg_type: 'execute_request', session, username: '', date, version: '5.3' };
    queue.add({ channel: 'shell', identities: [], header, metadata: {}, content: {} } satisfies Request);
  };
  const end = async (id: string, ok: boolean): Promise<void> => {
    ends.get(id)!(ok ? undefined : clock.now);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, log, send, end, queue };
}

test('cells run one after the other', async () => {
  const { log, send, end, queue } = setup();
  send('a');
  send('b');
  expect(log).toEqual(['run a']);
  expect(queue.busy).toBe(true);
  await end('a', true);
  expect(log).toEqual(['run a', 'run b']);
  await end('b', true);
  expect(queue.busy).toBe(false);
});

test('what is queued when a cell fails is given up', async () => {
  const { log, send, end } = setup();
  for (const id of ['a', 'b', 'c']) send(id);
  await end('a', false);
  expect(log).toEqual(['run a', 'abort b', 'abort c']);
});

test('what is sent after the failing reply runs, however soon', async () => {
  for (const skewMs of [0, -86_400_000, 5000]) {
    const { clock, log, send, end } = setup();
    send('a', { skewMs, sentAt: clock.now - 3 });
    clock.now += 10;
    await end('a', false);
    clock.now += 1;
    send('b', { skewMs, sentAt: clock.now - 1 });
    expect(log).toEqual(['run a', 'run b']);
  }
});

test('what was on its way when the cell failed is given up', async () => {
  for (const skewMs of [0, -86_400_000, 5000]) {
    const { clock, log, send, end } = setup();
    send('a', { skewMs, sentAt: clock.now - 3 });
    clock.now += 50;
    await end('a', false);
    // Sent right behind the first, but the connection was slow.
    send('b', { skewMs, sentAt: clock.now - 48 });
    expect(log).toEqual(['run a', 'abort b']);
  }
});

test('another client is not concerned', async () => {
  const { clock, log, send, end } = setup();
  send('a');
  clock.now += 50;
  await end('a', false);
  send('b', { session: 'other', sentAt: clock.now - 40 });
  expect(log).toEqual(['run a', 'run b']);
});

test('a client that answers the failing reply before this thread goes on is not punished', async () => {
  const { clock, log, send, end } = setup();
  send('a', { sentAt: clock.now - 1 });
  clock.now += 10;
  const ended = end('a', false);
  // The reply has left; the thread sleeps.
  clock.now += 80;
  await ended;
  send('b', { sentAt: clock.now - 40 });
  expect(log).toEqual(['run a', 'run b']);
});
