import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { spawnBroker } from '../support/built.js';
import { startKafka } from './found/kafka.js';
import { kafkaJars } from './found/kafka-jars.js';

declare module 'vitest' {
  export interface ProvidedContext {
    ours: string;
    /** Empty where no real Kafka can be had. */
    real: string;
  }
}

/** Starts the brokers that all clients share, each on a free port: ours always, Apache Kafka where Java and its jars are. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), 'streambook-clients-'));
  const [ours, jars] = await Promise.all([spawnBroker(['--port', '0', '--data', data]), kafkaJars()]);
  const real = 'missing' in jars ? undefined : await startKafka(jars.folder);
  if ('missing' in jars) console.log(`Without the real Kafka, against answers it gave before: ${jars.missing}`);
  project.provide('ours', ours.address);
  project.provide('real', real?.address ?? '');
  return async () => {
    const said = ours.errors();
    await Promise.all([ours.end('SIGTERM'), real?.stop()]);
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    if (said !== '') console.log(`our broker said:\n${said}`);
  };
}
