import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { messageOf, StreambookError } from '../core/errors.js';
import { stopRunning } from '../core/running.js';
import { captureOutput, currentCell, offerCells } from './cell.js';
import { Executor } from './executor.js';
import { KeyboardInterrupt } from './interrupt.js';
import { hideBookkeeping } from './promises.js';
import { Server } from './server.js';
import { installStackTraces } from './stack.js';
import type { ConnectionInfo } from './transport/shared.js';
import { Transport } from './transport/transport.js';
import { loadTslab, type Tslab } from './tslab.js';

// The kernel's process, as kernel.json starts it: launcher.js --config-path CONNECTION_FILE

/** How long the end of the kernel waits for what runs. Jupyter waits 5 seconds before it kills. */
const shutdownMs = 3000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

async function stopEverything(): Promise<void> {
  await Promise.race([stopRunning(), sleep(shutdownMs)]);
}

/** Node 20 warns that `require` of an ES module is experimental: true, and nothing a student can act upon. */
function silenceWarnings(): void {
  const emit = process.emitWarning.bind(process);
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    const option = rest[0] as string | { type?: string } | undefined;
    const type = warning instanceof Error ? warning.name : typeof option === 'string' ? option : option?.type;
    if (type === 'ExperimentalWarning') return;
    (emit as (...args: unknown[]) => void)(warning, ...rest);
  }) as typeof process.emitWarning;
}

/** A program's example may end with `process.exit()`; here that would end the kernel, and with it all variables. */
function refuseExit(): void {
  process.exit = () => {
    throw new StreambookError('process-exit', 'process.exit() would end the kernel', {
      hint: 'leave it out; Kernel > Shut Down Kernel ends the kernel',
    });
  };
}

const exit = process.exit.bind(process);

function start(tslab: Tslab, connection: ConnectionInfo): void {
  silenceWarnings();
  installStackTraces();

  // The thread with the sockets starts while TypeScript loads; what arrives meanwhile waits.
  const transport: Transport = new Transport(connection, tslab.zeromq, {
    request: (request) => server.handle(request),
    interrupt: (sentAt) => executor.interrupt(sentAt),
    orphaned: () => void leave(),
    failed: (error) => {
      console.error('streambook kernel: the connection to Jupyter failed:', error);
      exit(1);
    },
  });
  transport.publish(undefined, 'status', { execution_state: 'starting' });
  const executor: Executor = new Executor(tslab, transport, process.cwd());
  const server: Server = new Server(
    tslab,
    executor,
    transport,
    async () => {
      await stopEverything();
      executor.close();
    },
    exit,
  );

  let leaving = false;
  async function leave(): Promise<void> {
    if (leaving) return;
    leaving = true;
    await stopEverything();
    await transport.close();
    exit(0);
  }
  // Jupyter interrupts by message; a signal sent by hand means the same.
  process.on('SIGINT', () => {
    if (transport.takeSignal()) executor.interrupt();
  });
  process.on('SIGTERM', () => void leave());
  process.on('SIGHUP', () => void leave());

  const background = (error: unknown): void => {
    // The rest of an interrupted cell.
    if (error instanceof KeyboardInterrupt) return;
    server.reportBackground(currentCell(), error);
  };
  process.on('uncaughtException', background);
  process.on('unhandledRejection', background);

  hideBookkeeping();
  offerCells();
  captureOutput();
  refuseExit();
  tslab.jupyter.lastWriteDisplayData = writeTslabDisplay;
}

/** The function that tslab's own `display` calls. */
function writeTslabDisplay(
  content: { data: { 'text/plain': string }; transient: { display_id?: string } },
  update: boolean | undefined,
): void {
  currentCell()?.output.show(content.data, content.transient.display_id, update === true);
}

try {
  const { values } = parseArgs({ options: { 'config-path': { type: 'string' } } });
  const path = values['config-path'];
  if (path === undefined) throw new Error('usage: launcher.js --config-path CONNECTION_FILE');
  start(loadTslab(), JSON.parse(readFileSync(path, 'utf8')) as ConnectionInfo);
} catch (error) {
  console.error(`streambook kernel: ${messageOf(error)}`);
  process.exit(1);
}
