import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { decode, encode, newHeader, type Outgoing, type Request, toJson } from './messages.js';
import { Sender } from './sender.js';
import { type FromWorker, slot, type ToWorker, type WorkerInput } from './shared.js';

// All sockets live in this thread. tslab has them in the kernel's only thread, where a cell that prints without
// returning to the event loop sends nothing, where the 500th unawaited send and all later ones (the idle status among
// them) are lost, and where nobody hears an Interrupt while a loop runs.

interface Socket {
  bind(address: string): Promise<void>;
  send(frames: unknown): Promise<void>;
  close(): void;
  linger: number;
  sendHighWaterMark: number;
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array[]>;
}
type Zmq = Record<'Publisher' | 'Router' | 'Reply', new () => Socket>;

const { connection, zeromq, state: shared } = workerData as WorkerInput;
const zmq = createRequire(import.meta.url)(zeromq) as Zmq;
const state = new Int32Array(shared);
const port = parentPort!;
const tell = (message: FromWorker): void => port.postMessage(message);

const iopub = new zmq.Publisher();
const shell = new zmq.Router();
const control = new zmq.Router();
const stdin = new zmq.Router();
const heartbeat = new zmq.Reply();
const sockets = [iopub, shell, control, stdin, heartbeat];
for (const socket of sockets) {
  // Nothing is dropped because a reader is slow; and what was sent still leaves when the kernel ends.
  socket.sendHighWaterMark = 0;
  socket.linger = 1000;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

// A client that has gone is no reason to stop serving the others.
const send = (message: Outgoing): Promise<void> =>
  ({ iopub, shell, control })[message.channel].send(encode(connection.key, message)).catch(() => undefined);

// Replies of the shell wait for the output before them, as the readers of both expect; control never waits.
const ordered = new Sender(send);
const urgent = new Sender(send);

/** Interrupts the cell that runs, busy or not. */
function interrupt(request: Request): void {
  const number = Atomics.add(state, slot.asked, 1) + 1;
  tell({ kind: 'interrupt', sentAt: Date.parse(request.header.date) });
  const pending = (): boolean => Atomics.load(state, slot.handled) < number;
  // Who did not act within a tenth of a second is busy: the loop that keeps it busy is told to throw.
  setTimeout(() => {
    if (pending()) Atomics.store(state, slot.breakLoop, 1);
  }, 100);
  // Not one of our loops, then: a regular expression, a sort, a library. Windows has no signal for this.
  setTimeout(() => {
    if (!pending() || Atomics.load(state, slot.breakable) !== 1 || process.platform === 'win32') return;
    Atomics.store(state, slot.signalled, 1);
    process.kill(process.pid, 'SIGINT');
  }, 1000);
}

function interruptRequested(request: Request): void {
  interrupt(request);
  urgent.send({
    channel: 'control',
    identities: request.identities,
    header: newHeader('interrupt_reply'),
    parent: request.header,
    content: toJson({ status: 'ok' }),
  });
}

async function listen(socket: Socket, channel: 'shell' | 'control'): Promise<void> {
  for await (const frames of socket) {
    try {
      const request = decode(connection.key, channel, frames);
      const type = channel === 'control' ? request.header.msg_type : '';
      if (type === 'interrupt_request') interruptRequested(request);
      else {
        // A busy kernel would not hear of its end, and be killed with all that it has open.
        if (type === 'shutdown_request') interrupt(request);
        tell({ kind: 'request', request });
      }
    } catch (error) {
      console.error(`streambook kernel: ignored ${channel} message:`, error);
    }
  }
}

async function beat(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

/** A kernel whose server has died has nobody to talk to, and nobody who would end it. */
function watchParent(): void {
  const parent = process.ppid;
  const alive = (): boolean => {
    if (process.platform !== 'win32') return process.ppid === parent;
    try {
      process.kill(parent, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  };
  const timer = setInterval(() => {
    if (alive()) return;
    clearInterval(timer);
    tell({ kind: 'orphaned' });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10_000);
  }, 1000);
}

async function close(): Promise<void> {
  await Promise.race([Promise.all([ordered.empty(), urgent.empty()]), sleep(2000)]);
  for (const socket of sockets) socket.close();
  tell({ kind: 'closed' });
}

const address = (number: number): string => `${connection.transport}://${connection.ip}:${number}`;
await Promise.all([
  iopub.bind(address(connection.iopub_port)),
  shell.bind(address(connection.shell_port)),
  control.bind(address(connection.control_port)),
  stdin.bind(address(connection.stdin_port)),
  heartbeat.bind(address(connection.hb_port)),
]);
// Only now: ZeroMQ aborts the process when a socket sends while it is being bound. Until then messages wait in the port.
port.on('message', (message: ToWorker) => {
  if (message.kind === 'close') void close();
  else (message.message.channel === 'control' ? urgent : ordered).send(message.message);
});

const ended = (error: unknown): void => {
  if ((error as NodeJS.ErrnoException)?.code !== 'EAGAIN') throw error;
};
listen(shell, 'shell').catch(ended);
listen(control, 'control').catch(ended);
beat().catch(ended);
watchParent();
tell({ kind: 'ready' });
