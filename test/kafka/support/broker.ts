import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A broker to test against: the embedded one, or a real Kafka whose address STREAMBOOK_TEST_BROKERS names. */
export interface TestBroker {
  readonly brokers: string;
  readonly isReal: boolean;
  stop(): Promise<void>;
}

export const realBroker = process.env.STREAMBOOK_TEST_BROKERS;

export async function testBroker(): Promise<TestBroker> {
  if (realBroker !== undefined) return { brokers: realBroker, isReal: true, stop: async () => {} };
  const { startBroker } = await import('../../../src/broker/index.js');
  const data = mkdtempSync(join(tmpdir(), 'streambook-kafka-'));
  const broker = await startBroker({ port: 0, data });
  return {
    brokers: broker.address,
    isReal: false,
    async stop() {
      await broker.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A name that no other test uses, also on a broker that is shared. */
export function fresh(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}

/** Resolves when `condition` holds; the test's own time limit ends it otherwise. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
