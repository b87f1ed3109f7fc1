import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type * as KafkaJs from 'kafkajs';
import { messageOf } from '../../core/errors.js';
import { unreachable } from '../errors.js';
import type { FoundBroker } from './brokers.js';
import { kafkajs } from './kafkajs.js';

/** A refused or silent address fails within this time. */
const CONNECT_MS = 2_500;

/** A kafkajs client that logs nothing (its errors reach the caller as exceptions) and can be cut off at once. */
export interface Client {
  readonly kafka: KafkaJs.Kafka;
  readonly found: FoundBroker;
  /** Closes every socket now. What was under way fails with a connection error. */
  cut(): void;
}

/** Tells our own processes apart in `describeGroups`: a dead one of this machine can be told from a live one. */
export const CLIENT_ID = `streambook:${hostname()}:${process.pid}`;

/**
 * How often kafkajs tries again by itself: for 2 s, or 0.3 s where the caller has a loop of its own that waits for a
 * broker, says so, and can be stopped.
 */
export type Patience = 'patient' | 'brief';
const RETRIES = { patient: 6, brief: 3 };

/**
 * Makes a client, after checking that one of the addresses answers.
 *
 * @throws `broker-unreachable` within 3 s, which says which address, who named it, and how to start a broker
 */
export async function openClient(
  found: FoundBroker,
  clientId: string = CLIENT_ID,
  patience: Patience = 'patient',
): Promise<Client> {
  const [{ Kafka, logLevel }, reachable] = await Promise.all([kafkajs(), firstReachable(found)]);
  const sockets = new Set<Socket>();
  const kafka = new Kafka({
    clientId,
    brokers: [reachable, ...found.brokers.filter((address) => address !== reachable)],
    connectionTimeout: CONNECT_MS,
    requestTimeout: 30_000,
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: RETRIES[patience], maxRetryTime: 800, multiplier: 2 },
    socketFactory: ({ host, port, onConnect }) => {
      const socket = connect({ host, port, noDelay: true }, onConnect);
      socket.setKeepAlive(true, 60_000);
      // kafkajs writes to sockets that are still connecting; each such write listens, and Node would warn of a leak.
      socket.setMaxListeners(0);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
  });
  return {
    kafka,
    found,
    cut() {
      // kafkajs's own disconnect() waits for the answers to requests under way: a long poll, a group that forms. An
      // error makes it give them up.
      for (const socket of sockets) {
        socket.on('error', () => {});
        socket.destroy(new Error('closed by streambook'));
      }
    },
  };
}

/** The first of the addresses that accepts a connection. */
async function firstReachable(found: FoundBroker): Promise<string> {
  const reasons = new Map<string, string>();
  try {
    return await Promise.any(
      found.brokers.map(async (address) => {
        await probe(address).catch((error: unknown) => {
          reasons.set(address, reasonOf(error));
          throw error;
        });
        return address;
      }),
    );
  } catch (error) {
    const all = [...reasons].map(([address, why]) => (found.brokers.length === 1 ? why : `${address}: ${why}`));
    // What the first said says more than that all have failed.
    throw unreachable(found, all.join('; '), error instanceof AggregateError ? error.errors[0] : error);
  }
}

/** ApiVersions, version 0: what every Kafka answers, to anybody, before anything else. Correlation id 1, no client id. */
const HELLO = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
const NOT_KAFKA = 'something is there, but it does not speak the Kafka protocol';

/** A port that accepts is not yet a broker: kafkajs would wait 30 s for the answer of a web server. */
function probe(address: string): Promise<void> {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host!, port: Number(port) });
    let answer = Buffer.alloc(0);
    let connected = false;
    const end = (failure?: Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (failure === undefined) resolve();
      else reject(failure);
    };
    const timer = setTimeout(() => {
      const silent = `no answer within ${CONNECT_MS / 1000} s`;
      end(new Error(connected ? `${silent}, though the port is open; it may not speak the Kafka protocol` : silent));
    }, CONNECT_MS);
    socket.once('connect', () => {
      connected = true;
      socket.write(HELLO);
    });
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length < 8) return;
      end(answer.readInt32BE(4) === 1 ? undefined : new Error(NOT_KAFKA));
    });
    socket.once('close', () => end(new Error(NOT_KAFKA)));
    // Refused or unknown, or cut off by what does not understand us.
    socket.once('error', (error) => end(connected ? new Error(NOT_KAFKA, { cause: error }) : error));
  });
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is not known';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'the host cannot be reached';
  return messageOf(error);
}
