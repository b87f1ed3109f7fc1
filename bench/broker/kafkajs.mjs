// What a broker costs, and how long it takes, behind kafkajs.
import kafkajs from 'kafkajs';

const MESSAGES = 300_000;
const LATENCY_MESSAGES = 6000;

/** @param {string} address */
const connect = (address) =>
  new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING, clientId: 'bench' });

/**
 * @param {string} address
 * @param {() => number} cpu seconds of the broker so far
 * @returns {Promise<{ writeCpuSeconds: number, readCpuSeconds: number }>} for a million messages
 */
export async function cost(address, cpu) {
  const kafka = connect(address);
  const topic = `cost-${Date.now()}`;
  const producer = kafka.producer();
  await producer.connect();
  const value = 'x'.repeat(100);
  const batch = Array.from({ length: 1000 }, () => ({ value, partition: 0 }));
  await producer.send({ topic, messages: batch });
  const before = cpu();
  let left = MESSAGES / 1000;
  const lane = async () => {
    while (left-- > 0) await producer.send({ topic, messages: batch });
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  const written = cpu();
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const ready = cpu();
  let seen = 0;
  await new Promise((resolve) => {
    consumer.run({
      eachBatch: async ({ batch: { messages } }) => {
        seen += messages.length;
        if (seen >= MESSAGES) resolve(undefined);
      },
    });
  });
  const read = cpu();
  await consumer.disconnect();
  const million = (/** @type {number} */ seconds) => (seconds * 1e6) / MESSAGES;
  return { writeCpuSeconds: million(written - before), readCpuSeconds: million(read - ready) };
}

/**
 * Single messages, a thousand a second, from the call of send to the consumer's handler in the same process.
 *
 * @param {string} address
 * @returns {Promise<{ p50Ms: number, p99Ms: number }>}
 */
export async function latency(address) {
  const kafka = connect(address);
  const topic = `latency-${Date.now()}`;
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value: '0' }] });
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  /** @type {number[]} */
  const times = [];
  let first = () => {};
  const running = new Promise((resolve) => {
    first = () => resolve(undefined);
  });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const sentAt = Number(message.value);
      if (sentAt > 0) times.push(performance.now() - sentAt);
      first();
    },
  });
  await running;
  const all = LATENCY_MESSAGES + 1000;
  const began = performance.now();
  /** @type {Promise<unknown>[]} */
  const sends = [];
  while (sends.length < all) {
    const due = Math.min(all, performance.now() - began);
    while (sends.length < due) {
      sends.push(producer.send({ topic, messages: [{ value: String(performance.now()) }] }));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sends);
  while (times.length < all) await new Promise((resolve) => setTimeout(resolve, 10));
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  const sorted = times.slice(1000).sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
