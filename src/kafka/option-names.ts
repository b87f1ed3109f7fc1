import { ArgumentError } from '../core/errors.js';
import { nearest } from './errors.js';

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
 * out in silence. TypeScript finds them in a cell; JavaScript, and an object put together elsewhere, do not.
 *
 * @throws `bad-argument`, with the nearest name
 */
export function checkNames(of: string, options: object | undefined, known: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentError(`the options of ${of} are \`${String(options)}\``, { hint: 'an object: { ... }' });
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    if (near === undefined && ANY.has(name)) continue;
    throw new ArgumentError(`${of} has no option \`${name}\``, {
      hint: near === undefined ? `it has: ${known.join(', ')}` : `did you mean \`${near}\`?`,
    });
  }
}
