import { checkOptions } from '../core/option-names.js';

/** Options that everything that sends has in common. */
export const SEND_OPTIONS = [
  'brokers',
  'create',
  'loop',
  'show',
  'name',
  'retryMs',
  'clientId',
  'everyMs',
  'perSecond',
];

/** Options of any helper: one object may be handed to several of them. */
const ANY = new Set([
  ...SEND_OPTIONS,
  ...['topic', 'chunkBytes', 'key', 'partition', 'headers', 'timestamp', 'encoding', 'header', 'as', 'delimiter'],
  ...['onBad', 'from', 'until', 'group', 'columns', 'commit', 'commitEveryMs', 'otherwise', 'readUncommitted'],
  ...['maxBufferedBytes', 'sessionMs', 'heartbeatMs', 'partitions', 'replicas', 'config', 'ifNotExists'],
]);

/**
 * Refuses options that no helper knows, and those that are nearly one of this helper's: `form: 'earliest'` would be left
 * out in silence.
 *
 * @throws `bad-argument`, with the nearest name
 */
export function checkNames(of: string, options: object | undefined, known: readonly string[]): void {
  checkOptions(of, options, known, ANY);
}
