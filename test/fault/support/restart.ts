import { setTimeout as delay } from 'node:timers/promises';
import { type BrokerProcess, spawnBroker } from '../../broker/support/built.js';

/** The operating system may need a moment to give the port away. */
export async function restart(port: number, data: string): Promise<BrokerProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await spawnBroker(['--port', String(port), '--data', data]);
    } catch (error) {
      if (attempt === 20 || !String(error).includes('taken')) throw error;
      await delay(50);
    }
  }
}
