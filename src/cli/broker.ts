import { parseArgs } from 'node:util';
import { isLoopback } from '../broker/contract.js';
import { type BrokerOptions, type ListeningAt, startBroker } from '../broker/index.js';
import { messageOf, StreambookError } from '../core/errors.js';

/** Where `streambook broker` keeps its data unless told. */
const DEFAULT_DATA = '.streambook/broker';

/**
 * `streambook broker`: runs until SIGTERM or SIGINT, then stops cleanly. Prints `listening on HOST:PORT` on standard output
 * when clients can connect, and nothing else there.
 *
 * @param args what follows `broker` on the command line
 */
export async function runBroker(args: string[]): Promise<void> {
  try {
    const values = parseOrExplain(args);
    if (values['add-user'] !== undefined) {
      const { addUser } = await import('./broker-users.js');
      await addUser(values['add-user'], values.users);
      return;
    }
    const options = optionsFrom(values);
    const starting = startBroker({ ...options, onListening: (where) => announce(where, options) });
    stopOnSignals(async () => (await starting).stop());
    const { metricsAddress } = await starting;
    if (metricsAddress !== undefined) process.stderr.write(`streambook broker: metrics at ${metricsAddress}\n`);
  } catch (error) {
    process.stderr.write(`streambook broker: ${messageOf(error)}\n`);
    process.exitCode = error instanceof StreambookError && error.code === 'bad-argument' ? 2 : 1;
  }
}

function announce({ host, port, address }: ListeningAt, { sasl, tls }: BrokerOptions): void {
  if (!isLoopback(host)) {
    const lacking = [...(sasl === undefined ? ['passwords'] : []), ...(tls === undefined ? ['encryption'] : [])];
    const without = lacking.length === 0 ? '' : `, without ${lacking.join(' or ')}`;
    process.stderr.write(`streambook broker: open to the network on ${host}:${port}${without}\n`);
  }
  process.stdout.write(`listening on ${address}\n`);
}

function optionsFrom(values: ReturnType<typeof parseOrExplain>): BrokerOptions {
  const port = number('--port', values.port);
  const partitions = number('--partitions', values.partitions);
  const verbose = values.verbose === true;
  return {
    port,
    host: values.host,
    advertised: values.advertised,
    data: values.data ?? DEFAULT_DATA,
    flush: values.flush as 'os' | 'always' | undefined,
    defaultPartitions: partitions,
    autoCreateTopics: values['no-auto-create'] !== true,
    fastRebalance: values['no-fast-rebalance'] !== true,
    sasl: values.users === undefined ? undefined : { usersFile: values.users },
    tls: tlsFrom(values['tls-key'], values['tls-cert'], values['tls-ca']),
    offsetsRetentionMinutes: number('--offsets-retention-minutes', values['offsets-retention-minutes']),
    maxConnections: number('--max-connections', values['max-connections']),
    metricsPort: number('--metrics-port', values['metrics-port']),
    onEvent: (event: { kind: string; message: string; error?: unknown }) => {
      // Trouble with files is always worth a line; what clients do wrong only when asked for.
      if (!verbose && event.kind !== 'storage' && event.kind !== 'failed') return;
      const why = event.error === undefined ? '' : ` (${messageOf(event.error).split('\n', 1)[0]})`;
      process.stderr.write(`streambook broker: ${event.message}${why}\n`);
    },
  };
}

function parseOrExplain(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        advertised: { type: 'string' },
        data: { type: 'string' },
        flush: { type: 'string' },
        partitions: { type: 'string' },
        'no-auto-create': { type: 'boolean' },
        'fast-rebalance': { type: 'boolean' },
        'no-fast-rebalance': { type: 'boolean' },
        users: { type: 'string' },
        'add-user': { type: 'string' },
        'tls-key': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-ca': { type: 'string' },
        'offsets-retention-minutes': { type: 'string' },
        'max-connections': { type: 'string' },
        'metrics-port': { type: 'string' },
        verbose: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new StreambookError('bad-argument', messageOf(error), {
      hint: '`streambook broker --help` lists the options',
    });
  }
}

function tlsFrom(key: string | undefined, cert: string | undefined, ca: string | undefined): BrokerOptions['tls'] {
  if (key === undefined && cert === undefined && ca === undefined) return undefined;
  if (key !== undefined && cert !== undefined) return { key, cert, ca };
  throw new StreambookError('bad-argument', '--tls-key and --tls-cert belong together');
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new StreambookError('bad-argument', `${name} must be a number, not '${text}'`);
}

function stopOnSignals(stop: () => Promise<void>): void {
  let signals = 0;
  const onSignal = (): void => {
    // The second one means: now.
    if (++signals > 1) process.exit(1);
    stop().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`streambook broker: stopping failed: ${messageOf(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
