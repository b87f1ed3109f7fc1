// Our broker beside Apache Kafka and kfake.
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, residentMiB, startKfake, startOurs, startReal } from '../broker/engines.mjs';
import { cost, latency } from '../broker/kafkajs.mjs';
import { input, read, write } from '../broker/kcat.mjs';
import { median } from '../table.mjs';

const PAIRS = 5;
const goals = { written: 1, read: 0.9, listeningMs: 150, idleMiB: 80 };

/** @typedef {{ writtenPerSecond: number, readPerSecond: number, brokerCpuSeconds: number }} Run */

/** @type {import('../run.mjs').Workload} */
export default {
  about: 'a million messages of 100 B by kcat, acks=all; CPU and latency behind kafkajs; start and memory',
  async run({ runs, report }) {
    const messages = input();
    const ours = await startOurs();
    const real = await startReal();
    if (typeof real === 'string') report(`without the real Kafka: ${real}`);
    const kfake = await startKfake();
    if (typeof kfake === 'string') report(`without kfake: ${kfake}`);
    /** @type {Record<string, import('../broker/engines.mjs').Engine>} */
    const engines = {
      streambook: ours,
      ...(typeof real === 'string' ? {} : { kafka: real }),
      ...(typeof kfake === 'string' ? {} : { kfake }),
    };
    try {
      await delay(1000);
      /** @type {Record<string, Record<string, number>>} */
      const idle = Object.fromEntries(
        Object.entries(engines).map(([name, engine]) => [name, { idleMiB: residentMiB(engine) }]),
      );
      /** @type {Record<string, Run[]>} */
      const all = {};
      // The first round warms up, and does not count.
      for (let round = 0; round <= Math.max(PAIRS, runs); round++) {
        for (const [name, engine] of Object.entries(engines)) {
          const topic = `bench-${round}`;
          const before = cpuSeconds(engine);
          const writtenPerSecond = await write(engine.address, topic, messages.file);
          const readPerSecond = await read(engine.address, topic);
          if (round === 0) continue;
          const run = { writtenPerSecond, readPerSecond, brokerCpuSeconds: cpuSeconds(engine) - before };
          all[name] = [...(all[name] ?? []), run];
          report(`${name}: wrote ${inMillions(writtenPerSecond)}, read ${inMillions(readPerSecond)} M messages/s`);
        }
      }
      /** @type {import('../run.mjs').Results} */
      const results = {};
      for (const [name, engine] of Object.entries(engines)) {
        const list = all[name] ?? [];
        const kafkajs = await cost(engine.address, () => cpuSeconds(engine));
        const times = await latency(engine.address);
        results[name] = {
          writtenPerSecond: median(list.map((run) => run.writtenPerSecond)),
          readPerSecond: median(list.map((run) => run.readPerSecond)),
          kafkajsWriteCpuSeconds: kafkajs.writeCpuSeconds,
          kafkajsReadCpuSeconds: kafkajs.readCpuSeconds,
          ...times,
          ...idle[name],
          ...(engine.listeningMs !== undefined && { listeningMs: await listeningMs() }),
          runs: list,
        };
      }
      return results;
    } finally {
      await Promise.all(Object.values(engines).map((engine) => engine.stop()));
      messages.remove();
    }
  },
  misses({ streambook, kafka }) {
    if (streambook === undefined) return [];
    /** @type {string[]} */
    const lines = [];
    const below = (/** @type {string} */ what, /** @type {unknown} */ value, /** @type {number} */ limit) => {
      if (!(Number(value) < limit)) lines.push(`${what} is ${Number(value).toFixed(1)}, the goal is below ${limit}`);
    };
    below('listeningMs', streambook.listeningMs, goals.listeningMs);
    below('idleMiB', streambook.idleMiB, goals.idleMiB);
    if (kafka === undefined) return lines;
    for (const what of /** @type {const} */ (['written', 'read'])) {
      const ratio = Number(streambook[`${what}PerSecond`]) / Number(kafka[`${what}PerSecond`]);
      if (!(ratio >= goals[what]))
        lines.push(`${what} is ${ratio.toFixed(2)} times Kafka's, the goal is ${goals[what]}`);
    }
    for (const what of ['kafkajsWriteCpuSeconds', 'kafkajsReadCpuSeconds', 'p99Ms']) {
      below(what, streambook[what], Number(kafka[what]));
    }
    return lines;
  },
};

/** @returns {Promise<number>} from the start of a process to the line, the median of five */
async function listeningMs() {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const engine = await startOurs();
    times.push(Number(engine.listeningMs));
    await engine.stop();
  }
  return median(times);
}

/** @param {number} perSecond */
const inMillions = (perSecond) => (perSecond / 1e6).toFixed(2);
