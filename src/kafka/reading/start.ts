import { ArgumentError, StreambookError } from '../../core/errors.js';
import { listOffsets, logEnds, type OpenCluster } from '../connection/cluster.js';

/** Offsets per partition (`{ 0: 120, 1: 95 }`), or per topic and partition (`{ novel: { 0: 120 } }`). */
export type Offsets =
  | { readonly [partition: number]: number }
  | { readonly [topic: string]: { readonly [partition: number]: number } };

/**
 * Where reading starts: at the first record that is kept; behind the last one; at the first record at or after a time
 * (epoch ms); at given offsets (partitions not named start at their first record).
 */
export type StartPosition = 'earliest' | 'latest' | { readonly timestamp: number } | { readonly offsets: Offsets };

/**
 * The offset of each partition of `topic` at which `start` lies.
 *
 * @param purpose an end given by `{ offsets }` need not be in the log (yet); and partitions that are not named begin at their
 *   first record, and end behind their last
 */
export async function startOffsets(
  open: OpenCluster,
  topic: string,
  start: StartPosition,
  purpose: 'start' | 'end' = 'start',
): Promise<Map<number, number>> {
  if (start === 'earliest' || start === 'latest') return listOffsets(open, topic, start);
  if (typeof start !== 'object' || start === null) {
    throw new ArgumentError(`cannot start reading from \`${String(start)}\``, {
      hint: "write 'earliest', 'latest', { timestamp: ms } or { offsets: { 0: 120 } }",
    });
  }
  const known = new Set(open.partitions(topic));
  if ('timestamp' in start) {
    const timestamp = Number(start.timestamp);
    if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
      throw new ArgumentError(`the timestamp ${String(start.timestamp)} is not a number of milliseconds since 1970`);
    }
    const [found, latest] = await Promise.all([
      listOffsets(open, topic, timestamp),
      listOffsets(open, topic, 'latest'),
    ]);
    // Kafka answers -1 where no record is that late.
    return new Map([...known].map((p) => [p, (found.get(p) ?? -1) < 0 ? latest.get(p)! : found.get(p)!]));
  }
  const given = offsetsOf(start.offsets, topic);
  const [first, latest, logEnd] = await Promise.all([
    listOffsets(open, topic, 'earliest'),
    listOffsets(open, topic, 'latest'),
    logEnds(open, topic),
  ]);
  const result = new Map(purpose === 'start' ? first : latest);
  for (const [name, offset] of Object.entries(given)) {
    const partition = Number(name);
    if (!known.has(partition)) {
      throw new ArgumentError(`\`${topic}\` has no partition ${name}`, { hint: `it has 0 to ${known.size - 1}` });
    }
    if (purpose === 'end' && Number.isSafeInteger(offset) && offset >= 0) {
      result.set(partition, offset);
      continue;
    }
    if (!Number.isSafeInteger(offset) || offset < first.get(partition)! || offset > logEnd.get(partition)!) {
      throw new StreambookError('offset-out-of-range', `offset ${offset} is not in the log`, {
        where: `topic \`${topic}\`, partition ${partition}`,
        hint: `it holds offsets ${first.get(partition)} to ${logEnd.get(partition)! - 1}; ${logEnd.get(partition)} comes next`,
      });
    }
    result.set(partition, offset);
  }
  return result;
}

function offsetsOf(offsets: Offsets, topic: string): { readonly [partition: string]: number } {
  if (typeof offsets !== 'object' || offsets === null) {
    throw new ArgumentError('`offsets` is an object: partition to offset', { hint: '{ offsets: { 0: 120, 1: 95 } }' });
  }
  const perTopic = (offsets as Record<string, unknown>)[topic];
  if (typeof perTopic === 'object' && perTopic !== null) return perTopic as Record<string, number>;
  const flat: Record<string, number> = {};
  for (const [key, value] of Object.entries(offsets)) if (typeof value === 'number') flat[key] = value;
  return flat;
}
