import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startBroker } from '../../src/broker/index.js';
import { findBroker } from '../../src/kafka/connection/brokers.js';
import { receive } from '../../src/kafka/receiving/receive.js';
import { ready } from '../../src/kafka/sending/outgoing.js';
import { TransactionalPair } from '../../src/kafka/transactional.js';

test('what belongs to the next transaction is written behind what belongs to the sealed one, however slow that is', async () => {
  const broker = await startBroker({ port: 0 });
  const topic = 'ordered';
  const pair = await TransactionalPair.open(findBroker(broker.address), {
    transactionalId: randomUUID(),
    controlTopic: 'control',
    transactionTimeoutMs: 30_000,
  });
  try {
    await pair.prepare(topic, 1);
    broker.inject({ fault: 'delay', delayMs: 300, api: 'Produce', topic, times: 1 });
    const first = pair.send(topic, [ready({ value: 'first' }, 0)]);
    const sealed = pair.seal();
    const second = pair.send(topic, [ready({ value: 'second' }, 1)]);
    await Promise.all([first, sealed, second]);
    await pair.commit('job', '1');
    await pair.seal();
    await pair.commit('job', '2');
    await expect
      .poll(async () => (await receive(topic, { brokers: broker.address, until: 'end' }).toArray()).map((m) => m.text))
      .toEqual(['first', 'second']);
    expect(await pair.lastControl('job')).toBe('2');
  } finally {
    await pair.close();
    await broker.stop();
  }
});
