import type { GatewaySession } from '../gateway/session.js';
import { JobManager } from './job-manager.js';

/** How long somebody who is not there may take to say so, in ms. */
const PATIENCE_MS = 5000;

/**
 * The JobManager behind a gateway, as it can be reached from here: at the address that was given, at the one the gateway
 * uses itself, or beside the gateway (where containers have names of their own).
 *
 * @returns `undefined` when none of them answers
 */
export async function findJobManager(
  session: GatewaySession,
  gatewayUrl: string,
  given?: string,
): Promise<JobManager | undefined> {
  if (given !== undefined) return new JobManager(given);
  const properties = await session.properties();
  const port = properties['rest.port'] ?? '8081';
  const address = properties['rest.address'] ?? properties['jobmanager.rpc.address'];
  const gateway = new URL(gatewayUrl);
  const candidates = [address, gateway.hostname].flatMap((host) => (host === undefined ? [] : [`${host}:${port}`]));
  for (const candidate of new Set(candidates)) {
    const url = `http://${candidate}`;
    const found = await new JobManager(url, { timeoutMs: PATIENCE_MS, retries: 0 }).overview().catch(() => undefined);
    if (found !== undefined) return new JobManager(url);
  }
  return undefined;
}
