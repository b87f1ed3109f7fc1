import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { messageOf, StreambookError } from '../../core/errors.js';
import type { OnEvent } from '../events.js';
import type { TlsSettings } from '../security/options.js';

/** Kafka: `connections.max.idle.ms`. */
const IDLE_MS = 10 * 60_000;

/** A connection that somebody serves. */
export interface ServedConnection {
  disconnect(): void;
  onClose(listener: () => void): void;
}

/** Who decides about new connections. */
export interface Doorkeeper {
  /** Begins to serve a connection. */
  serve(socket: Socket): ServedConnection;
  /** Whether a new one is to be closed at once. */
  refuses(open: number): boolean;
}

/** A TLS handshake that takes longer is none. */
const HANDSHAKE_MS = 30_000;

/** The TCP side of a broker. It listens first; who connects before there is somebody to serve waits. */
export class Server {
  private readonly connections = new Set<ServedConnection>();
  private net: NetServer | undefined;
  private closed: Promise<void> | undefined;
  private doorkeeper: Doorkeeper | undefined;
  private readonly early = new Set<Socket>();

  /** @param tls encrypts all connections; undefined: none */
  constructor(
    private readonly onEvent: OnEvent,
    private readonly tls?: TlsSettings,
  ) {}

  get connectionCount(): number {
    return this.connections.size;
  }

  /**
   * Begins to listen.
   *
   * @param port 0 takes a free one
   * @returns the port
   * @throws StreambookError `broker-port-taken`, `broker-cannot-listen`
   */
  async listen(host: string, port: number): Promise<number> {
    const net = this.tls === undefined ? createServer({ noDelay: true }) : await this.encrypted(this.tls);
    net.on(this.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => this.accept(socket));
    this.net = net;
    this.closed = undefined;
    return new Promise((resolve, reject) => {
      net.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
      net.listen({ host, port, backlog: 511 }, () => {
        net.removeAllListeners('error');
        // Running out of handles for a moment must not end the process.
        net.on('error', (error) =>
          this.onEvent({ kind: 'failed', message: `accepting connections: ${error.message}`, error }),
        );
        resolve((net.address() as { port: number }).port);
      });
    });
  }

  private async encrypted({ key, cert, ca }: TlsSettings): Promise<NetServer> {
    const tls = await import('node:tls');
    let net: NetServer;
    try {
      const asked = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
      net = tls.createServer({ key, cert, ...asked, noDelay: true, handshakeTimeout: HANDSHAKE_MS });
    } catch (error) {
      throw new StreambookError(
        'broker-tls-unreadable',
        `the key and certificate are of no use (${messageOf(error)})`,
        {
          hint: 'both must be PEM, and belong together',
          cause: error,
        },
      );
    }
    net.on('tlsClientError', (error: Error, socket: Socket) => {
      const from = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
      this.onEvent({ kind: 'malformed', message: `${from} closed: no TLS handshake (${error.message})`, error });
    });
    return net;
  }

  /** From now on connections are served. */
  serve(doorkeeper: Doorkeeper): void {
    this.doorkeeper = doorkeeper;
    for (const socket of this.early) this.accept(socket);
    this.early.clear();
  }

  private accept(socket: Socket): void {
    const { doorkeeper } = this;
    if (doorkeeper === undefined) {
      // Not read from, so what it sends waits in the kernel.
      this.early.add(socket);
      socket.on('error', () => socket.destroy());
      return;
    }
    if (socket.destroyed) return;
    if (doorkeeper.refuses(this.connections.size)) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    socket.setTimeout(IDLE_MS);
    const connection = doorkeeper.serve(socket);
    this.connections.add(connection);
    connection.onClose(() => this.connections.delete(connection));
  }

  /** Takes no more connections. Those that are open stay. */
  stopListening(): void {
    this.closed ??= new Promise((resolve) => {
      // Resolves when the open connections are gone, too.
      if (this.net === undefined) resolve();
      else this.net.close(() => resolve());
    });
  }

  /** Closes all connections. */
  disconnectAll(): void {
    for (const socket of this.early) socket.destroy();
    this.early.clear();
    for (const connection of [...this.connections]) connection.disconnect();
  }

  /** Closes everything, and waits until it is closed. It can listen again afterwards. */
  async stop(): Promise<void> {
    this.stopListening();
    this.disconnectAll();
    await this.closed;
  }
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): StreambookError {
  if (error.code === 'EADDRINUSE') {
    return new StreambookError('broker-port-taken', `port ${port} on ${host} is taken`, {
      hint: 'another broker may be running there: use it, stop it, or give this one another port with --port (0 takes a free one)',
      cause: error,
    });
  }
  const hint =
    error.code === 'EACCES'
      ? 'ports below 1024 need special rights: choose one above'
      : 'the host must be an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them';
  return new StreambookError('broker-cannot-listen', `cannot listen on ${host}:${port} (${error.message})`, {
    hint,
    cause: error,
  });
}
