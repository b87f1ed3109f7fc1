import type { Socket } from 'node:net';
import { messageOf } from '../../core/errors.js';
import { errorCodes } from '../../wire/error-codes.js';
import { MalformedFrameError } from '../../wire/errors.js';
import { FrameReader } from '../../wire/frame-reader.js';
import { decodeRequestBody, decodeRequestHeader, encodeResponse } from '../../wire/frames.js';
import type { RequestHeader } from '../../wire/header.js';
import type { OnEvent } from '../events.js';
import type { Services } from '../services.js';
import type { BudgetHolder, MemoryBudget } from './memory-budget.js';
import type { Client, RequestContext, Served } from './request.js';

/** What all connections share. */
export interface ConnectionContext {
  readonly services: Services;
  /** The APIs that are served, by number. */
  readonly served: ReadonlyMap<number, Served>;
  readonly budget: MemoryBudget;
  readonly maxFrameBytes: number;
  readonly onEvent: OnEvent;
}

const API_VERSIONS = 18;
const PRODUCE = 0;
/** Requests of one connection that may wait; a client that pipelines more is not read from until some are answered. */
const MAX_QUEUED = 100;
/** Appends of one connection that may be under way at the same time, in requests and bytes. */
const MAX_APPENDING = 32;
const MAX_APPENDING_BYTES = 32 * 1024 * 1024;

/** A request that is being served, in its place in the order of answers. */
interface Slot {
  readonly bytes: number;
  answer: readonly Buffer[] | undefined;
  done: boolean;
  readonly sent: (() => void)[];
}

/**
 * One client's connection: cuts its bytes into requests, serves them in order, and answers in that order. One request is
 * served at a time, as Kafka does it, except that appends of a pipelining producer overlap: their order is fixed when
 * they begin.
 */
export class Connection implements Client, BudgetHolder {
  heldBytes = 0;
  closed = false;
  readonly localHost: string;
  readonly host: string;
  private readonly frames: FrameReader;
  private readonly queue: Buffer[] = [];
  private queuedBytes = 0;
  private readonly serving: Slot[] = [];
  private servingBytes = 0;
  private appendsOnly = false;
  private draining = false;
  private pumping = false;
  private readonly reasonsToPause = new Set<string>();
  private readonly closeListeners = new Set<() => void>();

  constructor(
    private readonly socket: Socket,
    private readonly context: ConnectionContext,
  ) {
    this.frames = new FrameReader({ maxFrameBytes: context.maxFrameBytes });
    this.localHost = (socket.localAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
    this.host = `/${(socket.remoteAddress ?? '').replace(/^::ffff:/, '')}`;
    socket.on('data', (chunk: Buffer) => this.received(chunk));
    socket.on('drain', () => {
      this.draining = false;
      this.serveNext();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.ended());
    socket.on('timeout', () => socket.destroy());
  }

  onClose(listener: () => void): () => void {
    this.closeListeners.add(listener);
    return () => this.closeListeners.delete(listener);
  }

  /** Closes at once; whoever waits for an answer gets none. */
  disconnect(): void {
    this.socket.destroy();
  }

  pauseReading(): void {
    this.pause('memory');
  }

  resumeReading(): void {
    this.resume('memory');
  }

  private pause(reason: string): void {
    this.reasonsToPause.add(reason);
    this.socket.pause();
  }

  private resume(reason: string): void {
    if (this.reasonsToPause.delete(reason) && this.reasonsToPause.size === 0) this.socket.resume();
  }

  private received(chunk: Buffer): void {
    let frames: Buffer[];
    try {
      frames = this.frames.push(chunk);
    } catch (error) {
      this.refuse('malformed', messageOf(error), error);
      return;
    }
    for (const frame of frames) {
      this.queue.push(frame);
      this.queuedBytes += frame.length;
    }
    if (this.queue.length > 0) this.serveNext();
    this.account();
  }

  private account(): void {
    if (this.closed) return;
    if (this.queue.length >= MAX_QUEUED) this.pause('queue');
    else this.resume('queue');
    this.context.budget.update(this, this.frames.bufferedBytes + this.queuedBytes + this.servingBytes);
  }

  private serveNext(): void {
    // Answering calls back here: the loop that is running goes on then.
    if (this.pumping) return;
    this.pumping = true;
    while (this.queue.length > 0 && !this.closed && !this.draining) {
      const frame = this.queue[0]!;
      const append = frame.length >= 2 && frame.readInt16BE(0) === PRODUCE;
      if (this.serving.length > 0) {
        const full = this.serving.length >= MAX_APPENDING || this.servingBytes >= MAX_APPENDING_BYTES;
        if (!append || !this.appendsOnly || full) break;
      }
      this.appendsOnly = append;
      this.queue.shift();
      this.queuedBytes -= frame.length;
      this.serve(frame);
    }
    this.pumping = false;
  }

  private serve(frame: Buffer): void {
    const slot: Slot = { bytes: frame.length, answer: undefined, done: false, sent: [] };
    this.serving.push(slot);
    this.servingBytes += slot.bytes;
    let header: RequestHeader | undefined;
    try {
      header = decodeRequestHeader(frame);
      const result = this.handle(frame, header, slot);
      if (!(result instanceof Promise)) {
        this.answer(slot, result);
        return;
      }
      const { apiKey, apiVersion } = header;
      result.then(
        (parts) => this.answer(slot, parts),
        (error) => this.fail(error, apiKey, apiVersion),
      );
    } catch (error) {
      this.fail(error, header?.apiKey, header?.apiVersion);
    }
  }

  private handle(
    frame: Buffer,
    header: RequestHeader,
    slot: Slot,
  ): Buffer[] | undefined | Promise<Buffer[] | undefined> {
    const { apiKey, apiVersion, correlationId } = header;
    const api = this.context.served.get(apiKey);
    if (api === undefined || apiVersion < api.versions[0] || apiVersion > api.versions[1]) {
      return this.unsupported(header, api);
    }
    const { services } = this.context;
    const context: RequestContext = {
      apiVersion,
      clientId: header.clientId ?? '',
      client: this,
      served: this.context.served,
      onSent: (callback) => void slot.sent.push(callback),
    };
    const encode = (body: object | undefined) =>
      body === undefined ? undefined : encodeResponse(apiKey, apiVersion, correlationId, body);
    const body = api.handle(decodeRequestBody(frame, header), context, services);
    return body instanceof Promise ? body.then(encode) : encode(body);
  }

  /** A client that asks for too new an ApiVersions learns by version 0 what there is; any other request ends here. */
  private unsupported(
    { apiKey, apiVersion, correlationId }: RequestHeader,
    api: Served | undefined,
  ): Buffer[] | undefined {
    if (apiKey === API_VERSIONS && api !== undefined) {
      const [minVersion, maxVersion] = api.versions;
      const apiKeys = [{ apiKey, minVersion, maxVersion }];
      return encodeResponse('ApiVersions', 0, correlationId, { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys });
    }
    this.refuse('unsupported', `API ${apiKey} (${api?.name ?? 'unknown'}) version ${apiVersion} is not served`);
    return undefined;
  }

  private fail(error: unknown, apiKey: number | undefined, apiVersion: number | undefined): void {
    const malformed = error instanceof MalformedFrameError;
    const which =
      apiKey === undefined ? '' : `${this.context.served.get(apiKey)?.name ?? `API ${apiKey}`} v${apiVersion}: `;
    this.refuse(malformed ? 'malformed' : 'failed', malformed ? messageOf(error) : which + messageOf(error), error);
  }

  private refuse(kind: 'malformed' | 'unsupported' | 'failed', message: string, error?: unknown): void {
    if (this.closed) return;
    const line = `${this.host.slice(1)}:${this.socket.remotePort ?? 0} closed: ${message.replaceAll(/\s*\n\s*/g, '; ')}`;
    this.context.onEvent(error === undefined ? { kind, message: line } : { kind, message: line, error });
    this.socket.destroy();
    this.ended();
  }

  private answer(slot: Slot, parts: readonly Buffer[] | undefined): void {
    slot.answer = parts;
    slot.done = true;
    if (this.closed) {
      release(slot);
      return;
    }
    while (this.serving[0]?.done === true) {
      const ready = this.serving.shift()!;
      this.servingBytes -= ready.bytes;
      this.send(ready);
    }
    this.serveNext();
    this.account();
  }

  private send(slot: Slot): void {
    const { answer, sent } = slot;
    if (answer === undefined || answer.length === 0) {
      release(slot);
      return;
    }
    const last = answer.length - 1;
    if (last > 0) this.socket.cork();
    for (let index = 0; index < last; index++) this.socket.write(answer[index]!);
    // The callback also comes, with an error, when the connection ends before.
    const flowing =
      sent.length === 0 ? this.socket.write(answer[last]!) : this.socket.write(answer[last]!, () => release(slot));
    if (last > 0) this.socket.uncork();
    if (!flowing || this.socket.writableNeedDrain) this.draining = this.socket.writableNeedDrain;
  }

  private ended(): void {
    if (this.closed) return;
    this.closed = true;
    this.queue.length = 0;
    this.queuedBytes = 0;
    for (const slot of this.serving) if (slot.done) release(slot);
    this.context.budget.leave(this);
    for (const listener of [...this.closeListeners]) listener();
    this.closeListeners.clear();
  }
}

function release(slot: Slot): void {
  for (const callback of slot.sent.splice(0)) callback();
}
