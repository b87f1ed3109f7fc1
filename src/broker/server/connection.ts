import type { Socket } from 'node:net';
import { messageOf } from '../../core/errors.js';
import { errorCodes } from '../../wire/error-codes.js';
import { MalformedFrameError } from '../../wire/errors.js';
import { FrameReader } from '../../wire/frame-reader.js';
import { decodeRequestBody, decodeRequestHeader, encodeResponse } from '../../wire/frames.js';
import type { RequestHeader } from '../../wire/header.js';
import type { BrokerEvent, OnEvent } from '../events.js';
import type { Faults, Verdict } from '../faults/faults.js';
import { judgeRequest } from '../faults/judge-request.js';
import type { ClientTraffic } from '../metrics/traffic.js';
import { SaslSession, type SaslSettings } from '../security/session.js';
import type { Services } from '../services.js';
import type { BudgetHolder, MemoryBudget } from './memory-budget.js';
import type { Client, RequestContext, Served } from './request.js';
import { newSlot, release, type Slot } from './slot.js';

/** What all connections share. */
export interface ConnectionContext {
  readonly services: Services;
  /** The APIs that are served, by number. */
  readonly served: ReadonlyMap<number, Served>;
  readonly budget: MemoryBudget;
  readonly maxFrameBytes: number;
  readonly faults: Faults;
  /** Undefined: everybody may come in. */
  readonly sasl: SaslSettings | undefined;
  readonly onEvent: OnEvent;
}

const API_VERSIONS = 18;
const PRODUCE = 0;
/** Before a client has proved who it is. Kafka: `sasl.server.max.receive.size`. */
const MAX_STRANGERS_FRAME_BYTES = 524_288;
/** Requests of one connection that may wait; a client that pipelines more is not read from until some are answered. */
const MAX_QUEUED = 100;
/** Appends of one connection that may be under way at the same time, in requests and bytes. */
const MAX_APPENDING = 32;
const MAX_APPENDING_BYTES = 32 * 1024 * 1024;

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
  readonly sasl: SaslSession | undefined;
  private traffic: ClientTraffic | undefined;
  private trafficOf = '';

  constructor(
    private readonly socket: Socket,
    private readonly context: ConnectionContext,
  ) {
    const { maxFrameBytes, sasl } = context;
    this.frames = new FrameReader({
      maxFrameBytes: sasl === undefined ? maxFrameBytes : Math.min(maxFrameBytes, MAX_STRANGERS_FRAME_BYTES),
    });
    this.sasl = sasl === undefined ? undefined : new SaslSession(sasl);
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

  /** Closes at once; whoever waits for an answer gets none, and nothing more is served. */
  disconnect(): void {
    this.socket.destroy();
    this.ended();
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
    const slot = newSlot(frame.length);
    this.serving.push(slot);
    this.servingBytes += slot.bytes;
    if (this.sasl?.bareTokens === true) {
      this.takeToken(this.sasl, frame, slot);
      return;
    }
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
    slot.apiKey = apiKey;
    slot.client = this.trafficFor(header.clientId ?? '');
    if (this.sasl?.admits(apiKey) === false) {
      this.refuse('unauthenticated', `API ${apiKey} was asked for before the client had proved who it is`);
      return undefined;
    }
    const api = this.context.served.get(apiKey);
    if (api === undefined || apiVersion < api.versions[0] || apiVersion > api.versions[1]) {
      return this.unsupported(header, api);
    }
    const { services, faults } = this.context;
    const context: RequestContext = {
      apiVersion,
      clientId: header.clientId ?? '',
      client: this,
      served: this.context.served,
      onSent: (callback) => void slot.sent.push(callback),
      endAfterAnswer: (reason) => {
        slot.ending = 'end';
        this.report('unauthenticated', reason);
      },
      authenticated: () => this.authenticated(),
    };
    const encode = (body: object | undefined) =>
      body === undefined ? undefined : encodeResponse(apiKey, apiVersion, correlationId, body);
    const request = decodeRequestBody(frame, header);
    const serve = () => {
      const body = api.handle(request, context, services);
      return body instanceof Promise ? body.then(encode) : encode(body);
    };
    if (!faults.active) return serve();
    const verdict = judgeRequest(faults, api.name, header, request, services.topics);
    return verdict === undefined ? serve() : this.suffer(verdict, slot, serve, encode);
  }

  /** Does to a request what was injected. */
  private suffer(
    { delayMs, outcome }: Verdict,
    slot: Slot,
    serve: () => Buffer[] | undefined | Promise<Buffer[] | undefined>,
    encode: (body: object) => Buffer[] | undefined,
  ): Buffer[] | undefined | Promise<Buffer[] | undefined> {
    if (delayMs > 0) {
      // Nothing may overtake it.
      this.appendsOnly = false;
      return this.pauseFor(delayMs).then(() =>
        this.closed ? undefined : this.suffer({ delayMs: 0, outcome }, slot, serve, encode),
      );
    }
    if (outcome === undefined) return serve();
    if (outcome === 'drop') {
      this.disconnect();
      return undefined;
    }
    if (outcome === 'lose-answer') {
      slot.ending = 'lose-answer';
      return serve();
    }
    return encode(outcome.errorAnswer);
  }

  private pauseFor(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        forget();
        resolve();
      };
      const timer = setTimeout(finish, ms);
      const forget = this.onClose(finish);
    });
  }

  private authenticated(): void {
    this.frames.maxFrameBytes = this.context.maxFrameBytes;
  }

  /** A token without Kafka's headers, as clients send it after SaslHandshake 0; answered in the same way. */
  private takeToken(sasl: SaslSession, token: Buffer, slot: Slot): void {
    this.appendsOnly = false;
    sasl.take(token).then(
      (outcome) => {
        if ('refused' in outcome) {
          this.refuse('unauthenticated', outcome.reason);
          return;
        }
        if (outcome.done) this.authenticated();
        const length = Buffer.alloc(4);
        length.writeInt32BE(outcome.token.length);
        this.answer(slot, [length, outcome.token]);
      },
      (error) => this.fail(error, undefined, undefined),
    );
  }

  /** A connection hardly ever changes its client id. */
  private trafficFor(clientId: string): ClientTraffic {
    if (this.traffic === undefined || this.trafficOf !== clientId) {
      if (this.traffic !== undefined) this.traffic.connections--;
      this.traffic = this.context.services.traffic.client(clientId);
      this.traffic.connections++;
      this.trafficOf = clientId;
    }
    return this.traffic;
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

  private refuse(kind: BrokerEvent['kind'], message: string, error?: unknown): void {
    if (this.closed) return;
    this.report(kind, message, error);
    this.disconnect();
  }

  private report(kind: BrokerEvent['kind'], message: string, error?: unknown): void {
    const line = `${this.host.slice(1)}:${this.socket.remotePort ?? 0} closed: ${message.replaceAll(/\s*\n\s*/g, '; ')}`;
    this.context.onEvent(error === undefined ? { kind, message: line } : { kind, message: line, error });
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
    if (slot.ending === 'lose-answer') {
      release(slot);
      this.disconnect();
      return;
    }
    this.count(slot);
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
    if (slot.ending === 'end') {
      this.queue.length = 0;
      this.queuedBytes = 0;
      this.pause('ending');
      this.socket.end(() => this.disconnect());
    }
  }

  private count({ apiKey, client, bytes, begun, answer }: Slot): void {
    if (client === undefined) return;
    let bytesOut = 0;
    if (answer !== undefined) for (const part of answer) bytesOut += part.length;
    this.context.services.traffic.answered(apiKey, client, bytes + 4, bytesOut, performance.now() - begun);
  }

  private ended(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.traffic !== undefined) this.traffic.connections--;
    this.queue.length = 0;
    this.queuedBytes = 0;
    for (const slot of this.serving) if (slot.done) release(slot);
    this.context.budget.leave(this);
    for (const listener of [...this.closeListeners]) listener();
    this.closeListeners.clear();
  }
}
