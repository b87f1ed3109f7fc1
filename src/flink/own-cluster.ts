import { StreambookError } from '../core/errors.js';
import { type ClusterState, findStateFile, readState } from './local/state.js';

/** A cluster that `streambook cluster start` has started. */
export interface OwnCluster {
  readonly stateFile: string;
  readonly state: ClusterState;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * What is known of the cluster behind a gateway, if it was started here.
 *
 * @param url of the gateway
 * @param from the folder to look from; default: the current one
 */
export function ownCluster(url: string, from?: string): OwnCluster | undefined {
  const stateFile = findStateFile(from);
  const state = stateFile === undefined ? undefined : readState(stateFile);
  if (stateFile === undefined || state === undefined) return undefined;
  const [asked, started] = [new URL(url), new URL(state.gateway)];
  const same = asked.port === started.port && LOOPBACK.test(asked.hostname) && LOOPBACK.test(started.hostname);
  return same ? { stateFile, state } : undefined;
}

/** @throws {StreambookError} `not-started-here` */
export function ownClusterOnly(url: string): OwnCluster {
  const own = ownCluster(url);
  if (own !== undefined) return own;
  throw new StreambookError('not-started-here', 'the processes of this cluster cannot be ended or started from here', {
    where: url,
    hint: 'with Docker: `docker compose kill taskmanager`, `docker compose start taskmanager`',
  });
}
