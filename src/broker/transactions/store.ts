import { encodeBatch, type RecordInput } from '../../wire/encode-batch.js';
import { RecordBatch } from '../../wire/record-batch.js';
import { recordsOf } from '../../wire/records.js';
import { isDiskError, KafkaError } from '../kafka-error.js';
import type { PartitionLog } from '../log/partition-log.js';
import { scanBatches } from '../log/scan.js';
import type { Topics } from '../topics/topics.js';
import { decodeKey, decodeState, encodeKey, encodeState } from './records.js';
import type { TransactionState } from './state.js';

export const TRANSACTIONS_TOPIC = '__transaction_state';
/** As Kafka sets them for this topic. */
const TOPIC_CONFIGS = { 'cleanup.policy': 'compact', 'compression.type': 'uncompressed', 'segment.bytes': '104857600' };

/** The states of transactional ids in the compacted topic `__transaction_state`. */
export class TransactionStore {
  private created: Promise<PartitionLog> | undefined;

  constructor(
    private readonly topics: Topics,
    private readonly now: () => number,
  ) {}

  /** What the topic says of each id last. */
  async load(): Promise<Map<string, TransactionState>> {
    const states = new Map<string, TransactionState>();
    for (const log of this.topics.get(TRANSACTIONS_TOPIC)?.partitions ?? []) {
      for (const segment of log.segments) {
        await scanBatches(segment.file, { from: 0, to: segment.size, whole: true }, (batch) => take(batch, states));
      }
    }
    return states;
  }

  /**
   * Writes a state down; it counts when the promise resolves.
   *
   * @throws KafkaError COORDINATOR_NOT_AVAILABLE when the disk refuses it: clients try again
   */
  async save(transactionalId: string, state: TransactionState): Promise<void> {
    await this.append([{ key: encodeKey(transactionalId), value: encodeState(state) }]);
  }

  async remove(transactionalIds: readonly string[]): Promise<void> {
    if (transactionalIds.length === 0) return;
    await this.append(transactionalIds.map((id) => ({ key: encodeKey(id), value: null })));
  }

  private async append(records: readonly RecordInput[]): Promise<void> {
    try {
      const log = this.topics.log(TRANSACTIONS_TOPIC, 0) ?? (await this.createTopic());
      await log.append(new RecordBatch(encodeBatch({ records, baseTimestamp: this.now() })));
    } catch (error) {
      const closed = error instanceof KafkaError && error.kafkaError === 'NOT_LEADER_OR_FOLLOWER';
      if (!closed && !isDiskError(error)) throw error;
      throw new KafkaError('COORDINATOR_NOT_AVAILABLE', `${TRANSACTIONS_TOPIC} cannot be written`);
    }
  }

  private createTopic(): Promise<PartitionLog> {
    this.created ??= this.topics
      .create(TRANSACTIONS_TOPIC, 1, TOPIC_CONFIGS)
      .then((topic) => topic.partitions[0]!)
      .finally(() => {
        this.created = undefined;
      });
    return this.created;
  }
}

function take(batch: RecordBatch, states: Map<string, TransactionState>): void {
  if (batch.isControl) return;
  for (const { key, value } of recordsOf(batch)) {
    const id = key === null ? undefined : decodeKey(key);
    if (id === undefined) continue;
    const state = value === null ? undefined : decodeState(value);
    if (state === undefined) states.delete(id);
    else states.set(id, state);
  }
}
