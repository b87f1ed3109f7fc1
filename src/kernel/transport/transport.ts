import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../../core/package-root.js';
import { type Header, newHeader, type Request, toJson } from './messages.js';
import { type ConnectionInfo, type FromWorker, slot, slots, type ToWorker, type WorkerInput } from './shared.js';

/** What the kernel does with what arrives. */
export interface TransportEvents {
  request(request: Request): void;
  /** @param sentAt by the sender's clock, epoch milliseconds */
  interrupt(sentAt: number): void;
  /** The server that started us has gone. */
  orphaned(): void;
  /** The thread has ended: there is no connection any more. */
  failed(error: Error): void;
}

/** The kernel's side of the thread that owns the sockets. Sending never waits and works in the middle of a busy cell. */
export class Transport {
  private readonly worker: Worker;
  private readonly state = new Int32Array(new SharedArrayBuffer(slots * Int32Array.BYTES_PER_ELEMENT));
  private closed: (() => void) | undefined;

  constructor(connection: ConnectionInfo, zeromq: string, events: TransportEvents) {
    const workerData: WorkerInput = { connection, zeromq, state: this.state.buffer as SharedArrayBuffer };
    this.worker = new Worker(join(packageRoot, 'dist', 'kernel', 'transport', 'worker.js'), { workerData });
    this.worker.on('message', (message: FromWorker) => {
      if (message.kind === 'request') events.request(message.request);
      else if (message.kind === 'interrupt') {
        if (this.takeInterrupt()) events.interrupt(message.sentAt);
      } else if (message.kind === 'orphaned') events.orphaned();
      else if (message.kind === 'closed') this.closed?.();
    });
    this.worker.on('error', (error) => events.failed(error));
  }

  /** The memory that a cell's loops look at: see `slot`. */
  get loopFlag(): Int32Array {
    return this.state;
  }

  /** Marks all interrupts so far as acted upon; whether there was one. */
  takeInterrupt(): boolean {
    const asked = Atomics.load(this.state, slot.asked);
    const fresh = Atomics.load(this.state, slot.handled) < asked;
    Atomics.store(this.state, slot.handled, asked);
    Atomics.store(this.state, slot.breakLoop, 0);
    return fresh;
  }

  /**
   * Takes a SIGINT that nobody has turned into an exception.
   *
   * @returns whether it asks for an interrupt: sent by hand it does; our own does not when the cell it was for has ended
   */
  takeSignal(): boolean {
    const own = Atomics.exchange(this.state, slot.signalled, 0) === 1;
    return this.takeInterrupt() || !own;
  }

  /** Runs `action` while Node itself turns SIGINT into an exception (`breakOnSigint`). */
  breakable<T>(action: () => T): T {
    Atomics.store(this.state, slot.breakable, 1);
    try {
      return action();
    } finally {
      Atomics.store(this.state, slot.breakable, 0);
    }
  }

  reply(request: Request, type: string, content: unknown): void {
    this.post({
      kind: 'send',
      message: {
        channel: request.channel,
        identities: request.identities,
        header: newHeader(type),
        parent: request.header,
        content: toJson(content),
      },
    });
  }

  publish(parent: Header | undefined, type: string, content: unknown): void {
    this.post({
      kind: 'send',
      message: { channel: 'iopub', identities: [type], header: newHeader(type), parent, content: toJson(content) },
    });
  }

  /** Resolves when everything is out and the sockets are closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.closed = resolve;
      this.post({ kind: 'close' });
    });
  }

  private post(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}
