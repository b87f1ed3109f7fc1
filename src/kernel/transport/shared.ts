import type { Outgoing, Request } from './messages.js';

/** What Jupyter writes into the connection file. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme?: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
}

/** What the worker is started with. */
export interface WorkerInput {
  readonly connection: ConnectionInfo;
  /** Absolute path of the ZeroMQ package that tslab brings. */
  readonly zeromq: string;
  readonly state: SharedArrayBuffer;
}

export type ToWorker = { readonly kind: 'send'; readonly message: Outgoing } | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'interrupt'; readonly sentAt: number }
  | { readonly kind: 'orphaned' };

/**
 * Slots of the memory that both threads see. A busy kernel reads no messages; it can still read these.
 */
export const slot = {
  /** Not 0: the running loop of a cell shall throw (cells check it at each turn). */
  breakLoop: 0,
  /** How many interrupts were asked for. */
  asked: 1,
  /** The number of the last interrupt that was acted upon. */
  handled: 2,
  /** 1 while Node itself listens for SIGINT, to break a cell's synchronous part. */
  breakable: 3,
  /** 1 after we have sent ourselves a SIGINT because of an interrupt. */
  signalled: 4,
} as const;

export const slots = Object.keys(slot).length;
