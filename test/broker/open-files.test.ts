import { Kafka, logLevel } from 'kafkajs';
import { afterEach, expect, it } from 'vitest';
import { type BrokerProcess, spawnBroker } from './support/built.js';
import { tempFolder } from './support/temp.js';

const PARTITIONS = 1000;
let broker: BrokerProcess;

afterEach(() => void broker.child.kill('SIGKILL'));

it.skipIf(process.platform === 'win32')('serves a thousand partitions where 256 files may be open', async () => {
  const args = ['--port', '0', '--data', tempFolder()];
  const limited = ['sh', '-c', 'ulimit -n 256; exec "$0" "$@"'];
  const writeToAll = async (): Promise<number> => {
    const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 't', numPartitions: PARTITIONS }] });
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, value: 'x' }));
    await producer.send({ topic: 't', messages });
    const offsets = await admin.fetchTopicOffsets('t');
    await producer.disconnect();
    await admin.disconnect();
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  };
  broker = await spawnBroker(args, limited);
  expect([await writeToAll(), await writeToAll()]).toEqual([PARTITIONS, 2 * PARTITIONS]);
  await broker.end('SIGKILL');
  broker = await spawnBroker(args, limited);
  expect(await writeToAll()).toBe(3 * PARTITIONS);
  expect(await broker.end('SIGTERM')).toBe(0);
  expect(broker.errors()).toBe('');
});
