import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { StreambookError } from '../../core/errors.js';
import { Connection, type ConnectionContext } from './connection.js';

/** Kafka: `connections.max.idle.ms`. */
const IDLE_MS = 10 * 60_000;

/** The TCP side of a broker. */
export class Server {
  private readonly connections = new Set<Connection>();
  private net: NetServer | undefined;

  constructor(
    private readonly context: ConnectionContext,
    private readonly onClosed: (connection: Connection) => void,
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
  listen(host: string, port: number): Promise<number> {
    const net = createServer({ noDelay: true }, (socket) => this.accept(socket));
    this.net = net;
    return new Promise((resolve, reject) => {
      net.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
      net.listen({ host, port, backlog: 511 }, () => {
        net.removeAllListeners('error');
        // Running out of handles for a moment must not end the process.
        net.on('error', (error) =>
          this.context.onEvent({ kind: 'failed', message: `accepting connections: ${error.message}`, error }),
        );
        resolve((net.address() as { port: number }).port);
      });
    });
  }

  private accept(socket: Socket): void {
    socket.setTimeout(IDLE_MS);
    const connection = new Connection(socket, this.context);
    this.connections.add(connection);
    connection.onClose(() => {
      this.connections.delete(connection);
      this.onClosed(connection);
    });
  }

  /** Takes no more connections. Those that are open stay. */
  async stopListening(): Promise<void> {
    const { net } = this;
    this.net = undefined;
    if (net === undefined) return;
    // The callback of close() waits for the open connections too.
    net.close();
  }

  /** Closes all connections. */
  disconnectAll(): void {
    for (const connection of [...this.connections]) connection.disconnect();
  }

  /** Closes everything, and waits until it is closed. */
  async stop(): Promise<void> {
    const { net } = this;
    this.net = undefined;
    const closed = net === undefined ? undefined : new Promise((resolve) => net.close(resolve));
    this.disconnectAll();
    await closed;
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
