import { errorCodes } from '../../wire/error-codes.js';
import type { PartitionLog } from '../log/partition-log.js';
import type { AbortedTransaction } from '../log/producers.js';
import { type Lent, readLog, segmentIndex } from '../log/read.js';
import { countRecords } from '../metrics/count-records.js';
import { type RequestContext, serve } from '../server/request.js';
import type { Services } from '../services.js';
import { inOrderOfRecords } from './aborted-order.js';
import { findTopic, missingTopic } from './topic-ref.js';
import { waitForBytes } from './wait-for-bytes.js';

/** One answer holds at most this much, so that a reader that does not read cannot fill the memory. Kafka: 55 MiB. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
const READ_COMMITTED = 1;
const EMPTY = Buffer.alloc(0);

/** A partition that is asked for. */
interface Target {
  readonly partitionIndex: number;
  readonly fetchOffset: number;
  readonly maxBytes: number;
  readonly leaderEpoch: number;
  readonly log: PartitionLog | undefined;
  /** Error code when there is no log. */
  readonly missing: number;
}

interface TargetTopic {
  readonly topic: string;
  readonly topicId: string;
  /** The name of the topic, if there is one. */
  readonly found: string | undefined;
  readonly targets: readonly Target[];
}

/** What one round of reading found. */
interface Round {
  readonly answers: Map<Target, object>;
  readonly lent: Lent[];
  bytes: number;
  failed: boolean;
}

/**
 * Reads batches as they lie in the files, and waits for more if there are fewer than the client wants.
 *
 * Fetch sessions are not kept: the answer says so by session id 0, and clients then send whole requests.
 */
export const fetch = serve('Fetch', [4, 18], async (body, context, services) => {
  if (body.sessionId !== 0) return { errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, responses: [] };
  const topics = targetsOf(body.topics, services);
  const targets = topics.flatMap((topic) => topic.targets);
  const committed = body.isolationLevel === READ_COMMITTED;
  const deadline = services.now() + body.maxWaitMs;
  const logs = targets.flatMap(({ log }) => (log === undefined ? [] : [log]));
  let round: Round;
  for (;;) {
    const ends = logs.map((log) => log.endOffset);
    // Beyond it a reader gets one batch, so that all come further.
    const room = services.maxResponseMemoryBytes - services.buffers.lentBytes;
    const maxBytes = Math.max(0, Math.min(body.maxBytes, MAX_RESPONSE_BYTES, room));
    round = await read(targets, maxBytes, committed, services);
    const left = deadline - services.now();
    if (round.bytes >= body.minBytes || round.failed || left <= 0 || context.client.closed) break;
    for (const lent of round.lent) lent.giveBack();
    // Something came while we read.
    if (logs.some((log, index) => log.endOffset !== ends[index])) continue;
    // What is there already, and more, may be locked behind an open transaction: wait for anything new.
    await waitForBytes(logs, committed ? 1 : body.minBytes - round.bytes, left, context.client);
  }
  for (const { found, targets: wanted } of topics) {
    if (found !== undefined) count(found, wanted, round, context.clientId, services);
  }
  return respond(topics, round, context);
});

function count(topic: string, targets: readonly Target[], round: Round, clientId: string, services: Services): void {
  let records = 0;
  let bytes = 0;
  for (const target of targets) {
    const { records: view } = round.answers.get(target) as ReturnType<typeof failure>;
    if (view.length === 0) continue;
    records += countRecords(view, target.fetchOffset);
    bytes += view.length;
  }
  if (bytes > 0) services.traffic.fetched(topic, clientId, records, bytes);
}

function respond(topics: readonly TargetTopic[], round: Round, context: RequestContext) {
  const { lent, answers } = round;
  if (lent.length > 0) {
    context.onSent(() => {
      for (const one of lent) one.giveBack();
    });
  }
  return {
    errorCode: 0,
    sessionId: 0,
    responses: topics.map(({ topic, topicId, targets }) => ({
      topic,
      topicId,
      partitions: targets.map((target) => answers.get(target) as ReturnType<typeof failure>),
    })),
  };
}

function targetsOf(
  topics: readonly {
    readonly topic: string;
    readonly topicId: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly fetchOffset: number;
      readonly partitionMaxBytes: number;
      readonly currentLeaderEpoch: number;
    }[];
  }[],
  services: Services,
): TargetTopic[] {
  return topics.map(({ topic, topicId, partitions }) => {
    const found = findTopic(services.topics, topic, topicId);
    const missing = errorCodes[missingTopic(topic, topicId)];
    return {
      topic,
      topicId,
      found: found?.name,
      targets: partitions.map((partition) => ({
        partitionIndex: partition.partition,
        fetchOffset: partition.fetchOffset,
        maxBytes: partition.partitionMaxBytes,
        leaderEpoch: partition.currentLeaderEpoch,
        log: found?.partitions[partition.partition],
        missing: found === undefined ? missing : errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
      })),
    };
  });
}

async function read(
  targets: readonly Target[],
  maxBytes: number,
  committed: boolean,
  services: Services,
): Promise<Round> {
  const round: Round = { answers: new Map(), lent: [], bytes: 0, failed: false };
  for (const target of targets) {
    round.answers.set(target, await readOne(target, maxBytes - round.bytes, committed, round, services));
  }
  return round;
}

async function readOne(target: Target, maxBytes: number, committed: boolean, round: Round, services: Services) {
  const { log, fetchOffset, partitionIndex } = target;
  const fail = (errorCode: number) => {
    round.failed = true;
    return failure(partitionIndex, errorCode, log);
  };
  if (log === undefined || log.closed)
    return fail(log === undefined ? target.missing : errorCodes.NOT_LEADER_OR_FOLLOWER);
  if (target.leaderEpoch > 0) return fail(errorCodes.UNKNOWN_LEADER_EPOCH);
  const highWatermark = log.endOffset;
  const lastStableOffset = log.stableOffset;
  if (fetchOffset < log.startOffset || fetchOffset > highWatermark) return fail(errorCodes.OFFSET_OUT_OF_RANGE);
  const upTo = committed ? lastStableOffset : highWatermark;
  const request = {
    offset: fetchOffset,
    maxBytes: Math.min(target.maxBytes, maxBytes),
    upTo,
    // The first partition with data gets at least one batch, or its reader would never come further.
    atLeastOne: round.bytes === 0,
  };
  let lent: Lent | undefined;
  try {
    lent = await readLog(log, request, services.buffers);
  } catch (error) {
    // The segment may have been deleted under us.
    if (fetchOffset < log.startOffset) return fail(errorCodes.OFFSET_OUT_OF_RANGE);
    services.onEvent({ kind: 'storage', message: `reading ${log.folder} failed`, error });
    return fail(errorCodes.KAFKA_STORAGE_ERROR);
  }
  if (lent !== undefined) {
    round.lent.push(lent);
    round.bytes += lent.view.length;
  }
  return {
    partitionIndex,
    errorCode: 0,
    highWatermark,
    lastStableOffset,
    logStartOffset: log.startOffset,
    abortedTransactions: committed ? aborted(log, fetchOffset, upTo, lent) : null,
    records: lent?.view ?? EMPTY,
  };
}

/** The aborted transactions that may lie in what was read: from the offset to the end of its segment at most. */
function aborted(log: PartitionLog, from: number, upTo: number, lent: Lent | undefined): readonly AbortedTransaction[] {
  if (lent === undefined) return [];
  // After a gap at the end of a segment, what was read lies in the next one that is not empty.
  let next = segmentIndex(log, from) + 1;
  while (log.segments[next]?.size === 0) next++;
  const found = log.producers.abortedBetween(from, Math.min(upTo, log.segments[next + 1]?.baseOffset ?? upTo));
  return inOrderOfRecords(found, lent.view);
}

function failure(partitionIndex: number, errorCode: number, log: PartitionLog | undefined) {
  return {
    partitionIndex,
    errorCode,
    highWatermark: log?.endOffset ?? -1,
    lastStableOffset: log?.stableOffset ?? -1,
    logStartOffset: log?.startOffset ?? -1,
    abortedTransactions: null as readonly AbortedTransaction[] | null,
    records: EMPTY,
  };
}
