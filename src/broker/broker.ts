import { resolve } from 'node:path';
import { StreambookError } from '../core/errors.js';
import { type FolderLock, lockFolder } from '../core/folder-lock.js';
import { makeFolder } from '../core/make-folder.js';
import { addressOf, type Broker } from './contract.js';
import { openMeta } from './meta.js';
import { type BrokerOptions, checkOptions, type Settings } from './options.js';
import type { TlsSettings } from './security/options.js';
import type { SaslSettings } from './security/session.js';
import { Server } from './server/server.js';
import { DiskStorage } from './storage/disk.js';
import { MemoryStorage } from './storage/memory.js';
import { readTopics } from './topics/topics-file.js';

/**
 * Starts a broker that every Kafka client can talk to, in this process.
 *
 * It listens before it loads the protocol and opens the logs, which takes longer than all the rest: who connects meanwhile
 * is answered a moment later. The promise resolves when everything is there.
 *
 * @throws StreambookError `broker-port-taken`, `broker-data-in-use`, `broker-data-unwritable`, `broker-data-damaged`,
 *   `broker-data-newer`, `broker-data-foreign`, `broker-cannot-listen`, `broker-users-unreadable`,
 *   `broker-tls-unreadable`, `bad-argument`
 * @example
 *   const broker = await startBroker({ port: 0 });           // a free port, data in memory
 *   const kafka = new Kafka({ brokers: [broker.address] });  // any client
 *   await broker.stop();
 * @example
 *   // On disk, for others in the network, who need a password.
 *   const broker = await startBroker({
 *     host: '0.0.0.0',
 *     data: 'broker-data',
 *     sasl: { usersFile: 'users.txt' },
 *     tls: { key: 'key.pem', cert: 'cert.pem' },
 *   });
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const settings = checkOptions(options);
  const lock = settings.data === undefined ? undefined : lockData(settings.data);
  const storage = lock === undefined ? new MemoryStorage() : new DiskStorage(lock.folder);
  let server: Server | undefined;
  try {
    const { sasl, tls } = await loadSecurity(settings);
    server = new Server(settings.onEvent, tls);
    const meta = await openMeta(storage);
    const topics = readTopics(storage);
    const port = await server.listen(settings.host, settings.port);
    settings.onListening?.({ host: settings.host, port, address: addressOf(settings.host, port) });
    const { RunningBroker } = await import('./running.js');
    return await RunningBroker.open({ settings, storage, lock, meta, topics, server, port, sasl });
  } catch (error) {
    await server?.stop();
    await storage.close();
    lock?.release();
    throw error;
  }
}

/** Loaded only when asked for: most brokers need none of it. */
async function loadSecurity({ sasl, tls, host }: Settings): Promise<{ sasl?: SaslSettings; tls?: TlsSettings }> {
  if (sasl === undefined && tls === undefined) return {};
  const { saslSettings, tlsSettings } = await import('./security/options.js');
  return {
    ...(sasl === undefined ? {} : { sasl: await saslSettings(sasl, host, tls !== undefined) }),
    ...(tls === undefined ? {} : { tls: tlsSettings(tls) }),
  };
}

interface LockedFolder extends FolderLock {
  readonly folder: string;
}

function lockData(data: string): LockedFolder {
  const folder = resolve(data);
  try {
    makeFolder(folder);
  } catch (error) {
    throw unwritable(`cannot make the data folder ${folder}`, error);
  }
  const lock = lockFolder(folder, {
    inUse: (pid) => {
      const who = pid === undefined ? 'another process' : `the broker with process id ${pid}`;
      return new StreambookError('broker-data-in-use', `the data folder ${folder} is in use by ${who}`, {
        hint: 'use that broker, stop it first, or give this one another folder with --data',
      });
    },
    unwritable: (cause) => unwritable(`cannot write to the data folder ${folder}`, cause),
  });
  return { folder, ...lock };
}

function unwritable(message: string, cause: unknown): StreambookError {
  const hint = 'give --data a folder that belongs to you, on a disk that has room';
  return new StreambookError('broker-data-unwritable', message, { hint, cause });
}
