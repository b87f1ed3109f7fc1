import { connect, type Socket } from 'node:net';
import type { ApiName, RequestInput, ResponseBody } from '../../../src/wire/codec.js';
import { FrameReader } from '../../../src/wire/frame-reader.js';
import { decodeResponse, encodeRequest } from '../../../src/wire/frames.js';

interface Waiting {
  readonly api: ApiName;
  readonly version: number;
  readonly resolve: (body: never) => void;
  readonly reject: (error: Error) => void;
}

/** A client without opinions: sends what it is told, in the version it is told. */
export class RawClient {
  private correlationId = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly frames = new FrameReader();
  /** Correlation ids in the order in which answers came. */
  readonly answered: number[] = [];
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => {
      for (const frame of this.frames.push(chunk)) this.received(frame);
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        for (const { reject } of this.waiting.values()) reject(new Error('the connection was closed'));
        this.waiting.clear();
        resolve();
      });
    });
  }

  static connect(address: string): Promise<RawClient> {
    const [host, port] = address.split(':');
    return new Promise((resolve, reject) => {
      const socket = connect({ host: host!, port: Number(port), noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawClient(socket)));
    });
  }

  private received(frame: Buffer): void {
    const correlationId = frame.readInt32BE(0);
    const waiting = this.waiting.get(correlationId);
    if (waiting === undefined) throw new Error(`an answer to a question that was not asked: ${correlationId}`);
    this.waiting.delete(correlationId);
    this.answered.push(correlationId);
    waiting.resolve(decodeResponse(waiting.api, waiting.version, frame).body as never);
  }

  /** Sends a request; rejects when the connection is closed before the answer. */
  request<N extends ApiName>(api: N, version: number, body: RequestInput<N>): Promise<ResponseBody<N>> {
    const correlationId = ++this.correlationId;
    const parts = encodeRequest(api, version, { correlationId, clientId: 'raw' }, body);
    return new Promise((resolve, reject) => {
      this.waiting.set(correlationId, { api, version, resolve, reject });
      this.socket.write(Buffer.concat(parts));
    });
  }

  /** Sends a request that gets no answer. */
  tell<N extends ApiName>(api: N, version: number, body: RequestInput<N>): void {
    const parts = encodeRequest(api, version, { correlationId: ++this.correlationId, clientId: 'raw' }, body);
    this.socket.write(Buffer.concat(parts));
  }

  close(): Promise<void> {
    this.socket.destroy();
    return this.closed;
  }
}
