import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import { receive, send, topics } from '../../../src/kafka/index.js';
import { type TableEnvironment, tableEnv } from '../../../src/table/index.js';
import { fresh } from '../../kafka/support/broker.js';

/** A broker for the tests of a file, a new environment for each of them, and what they do with both. */
export let t: TableEnvironment;
let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ port: 0, data: 'memory' });
});
afterAll(() => broker.stop());
beforeEach(() => {
  t = tableEnv();
});

export const at = (): { brokers: string } => ({ brokers: broker.address });

export async function topic(name: string, partitions = 1): Promise<string> {
  const made = fresh(name);
  await topics.create(made, { partitions, ...at() });
  return made;
}

/** Sends objects as JSON, each to a partition, with a time. */
export async function fill(
  name: string,
  messages: readonly (readonly [partition: number, value: object, ms?: number])[],
): Promise<void> {
  const now = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
  await send(
    name,
    messages.map(([partition, value, ms = 0]) => ({ value: JSON.stringify(value), partition, timestamp: now + ms })),
    at(),
  ).done;
}

export function table(name: string, columns: string, options: Record<string, string>, more = ''): void {
  const all: Record<string, string> = {
    connector: 'kafka',
    format: 'json',
    'properties.bootstrap.servers': broker.address,
    'scan.startup.mode': 'earliest-offset',
    ...options,
  };
  const clause = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `'${key}' = '${value.replaceAll("'", "''")}'`);
  t.executeSql(`CREATE TABLE ${name} (${columns}) ${more} WITH (${clause.join(', ')})`);
}

export const END = { 'scan.bounded.mode': 'latest-offset' };

export async function rows(sql: string): Promise<unknown[][]> {
  const found = await t.sqlQuery(sql).execute().collect();
  return found.map((row) => Object.values(row as object));
}

export async function values(name: string): Promise<[number, unknown][]> {
  const all: [number, unknown][] = [];
  for await (const message of receive(name, { ...at(), until: 'end' })) all.push([message.partition, message.value]);
  return all;
}
