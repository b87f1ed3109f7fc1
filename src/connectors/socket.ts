import { connect, type Socket } from 'node:net';
import { checkInteger, quoted } from '../core/arguments.js';
import { ArgumentError, messageOf, StreambookError } from '../core/errors.js';
import {
  BATCH_SIZE,
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../engine/source.js';
import { LineDecoder } from './file/lines.js';

/** Above this many waiting lines the socket is read no further; below half of it, on. */
const MOST_WAITING = 64 * BATCH_SIZE;

/**
 * The lines (UTF-8) that a server sends on a socket: `nc -lk 9999` and type. It ends when the server closes. What was
 * sent before a failure cannot be read again, so it is for lessons, not for exactly-once.
 *
 * @see Flink: `socketTextStream`
 */
export function socketSource(host: string, port: number): Source<string> {
  if (typeof host !== 'string' || host === '') throw new ArgumentError(`socketTextStream: the host is ${quoted(host)}`);
  checkInteger('socketTextStream: the port', port, 1, 65_535);
  return {
    name: `Socket ${host}:${port}`,
    bounded: false,
    maxParallelism: 1,
    createReader: (context) => new SocketReader(host, port, context),
  };
}

class SocketReader implements SourceReader<string> {
  private socket: Socket | undefined;
  private lines: string[] = [];
  private ended = false;
  private closed = false;
  private readonly decoder = new LineDecoder(undefined);

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly context: SourceContext,
  ) {}

  open(): Promise<void> {
    const address = `${this.host}:${this.port}`;
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, this.host, () => resolve());
      this.socket = socket;
      socket.on('data', (bytes) => this.take(bytes));
      socket.on('end', () => this.end());
      socket.on('error', (error) => {
        const failure = new StreambookError('socket', `the socket ${address} failed: ${messageOf(error)}`, {
          hint: `is a server listening there? Try: nc -lk ${this.port}`,
          cause: error,
        });
        reject(failure);
        if (!this.closed) this.context.fail(failure);
      });
    });
  }

  poll(): SourceBatch<string> | typeof END_OF_INPUT | undefined {
    if (this.lines.length === 0) return this.ended ? END_OF_INPUT : undefined;
    const values = this.lines.splice(0, BATCH_SIZE);
    if (this.lines.length < MOST_WAITING / 2) this.socket?.resume();
    return { values };
  }

  position(): null {
    return null;
  }

  close(): void {
    this.closed = true;
    this.socket?.destroy();
  }

  private take(bytes: Buffer): void {
    this.decoder.feed(bytes);
    this.lines.push(...this.decoder.read());
    if (this.lines.length > MOST_WAITING) this.socket?.pause();
    this.context.wake();
  }

  private end(): void {
    this.decoder.end();
    this.lines.push(...this.decoder.read());
    this.ended = true;
    this.context.wake();
  }
}
