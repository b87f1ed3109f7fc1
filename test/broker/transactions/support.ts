import { randomBytes } from 'node:crypto';
import { decodeTransactionMarker } from '../../../src/wire/control-batch.js';
import {
  type ApiName,
  encodeBatch,
  kafkaError,
  type RequestInput,
  type ResponseBody,
} from '../../../src/wire/index.js';
import { splitWholeBatches } from '../../../src/wire/record-batch.js';
import { decodeRecords } from '../../../src/wire/records.js';
import { RawClient } from '../support/client.js';

export function nameOf(code: number): string {
  return kafkaError(code)?.name ?? String(code);
}

export interface Producer {
  readonly id: string;
  producerId: number;
  epoch: number;
}

/** What a real Kafka answers while it is still busy with the step before. */
const BUSY = [
  'NOT_LEADER_OR_FOLLOWER',
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
];

/** The transaction APIs one by one, in the words of the protocol. */
export class TransactionClient {
  readonly suffix = randomBytes(4).toString('hex');

  private constructor(readonly raw: RawClient) {}

  static async connect(address: string): Promise<TransactionClient> {
    const client = new TransactionClient(await RawClient.connect(address));
    // A real Kafka makes its internal topics when it is asked where their coordinators are.
    for (const keyType of [0, 1]) {
      await client.patiently(async () =>
        nameOf((await client.request('FindCoordinator', 2, { key: client.suffix, keyType })).errorCode),
      );
    }
    return client;
  }

  close(): Promise<void> {
    return this.raw.close();
  }

  private async patiently(ask: () => Promise<string>): Promise<string> {
    for (let left = 400; ; left--) {
      const answer = await ask();
      if (left === 0 || !BUSY.includes(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  request<N extends ApiName>(api: N, version: number, body: RequestInput<N>): Promise<ResponseBody<N>> {
    return this.raw.request(api, version, body);
  }

  async createTopic(name: string, partitions = 1, configs: Record<string, string> = {}): Promise<void> {
    await this.request('CreateTopics', 4, {
      topics: [
        {
          name,
          numPartitions: partitions,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs: 10_000,
    });
    await this.patiently(async () => {
      const answer = await this.request('Metadata', 4, { topics: [{ name }], allowAutoTopicCreation: false });
      return answer.topics[0]!.partitions.length === partitions ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER';
    });
  }

  /** InitProducerId; what it gives is kept in `producer`. */
  init(producer: Producer, options: { timeoutMs?: number; version?: number; as?: Partial<Producer> } = {}) {
    const { timeoutMs = 60_000, version = 4, as } = options;
    return this.patiently(async () => {
      const answer = await this.request('InitProducerId', version, {
        transactionalId: producer.id,
        transactionTimeoutMs: timeoutMs,
        ...(version >= 3 ? { producerId: as?.producerId ?? -1, producerEpoch: as?.epoch ?? -1 } : {}),
      });
      if (answer.errorCode !== 0) return nameOf(answer.errorCode);
      const changed = producer.producerId !== -1 && answer.producerId !== producer.producerId;
      producer.producerId = answer.producerId;
      producer.epoch = answer.producerEpoch;
      return `epoch ${answer.producerEpoch}${changed ? ' of a new id' : ''}`;
    });
  }

  async newProducer(id: string, timeoutMs?: number): Promise<Producer> {
    const producer: Producer = { id, producerId: -1, epoch: -1 };
    const answer = await this.init(producer, timeoutMs === undefined ? {} : { timeoutMs });
    if (!answer.startsWith('epoch')) throw new Error(`no producer: ${answer}`);
    return producer;
  }

  add(producer: Producer, topic: string, partitions: number[] = [0], version = 3): Promise<string> {
    return this.patiently(async () => {
      const answer = await this.request('AddPartitionsToTxn', version, {
        v3AndBelowTransactionalId: producer.id,
        v3AndBelowProducerId: producer.producerId,
        v3AndBelowProducerEpoch: producer.epoch,
        v3AndBelowTopics: [{ name: topic, partitions }],
      });
      return answer
        .resultsByTopicV3AndBelow!.flatMap((one) => one.resultsByPartition)
        .sort((a, b) => a.partitionIndex - b.partitionIndex)
        .map((one) => nameOf(one.partitionErrorCode))
        .join(' ');
    });
  }

  /** Writes one batch; with a sequence number below 0 it is no transactional one. */
  async produce(
    producer: Producer | undefined,
    topic: string,
    values: string[],
    options: { sequence?: number; partition?: number; version?: number; id?: string | null; plain?: boolean } = {},
  ): Promise<string> {
    const { sequence = 0, partition = 0, version = 9, plain = false } = options;
    const records = encodeBatch({
      records: values.map((value) => ({ key: value, value, timestamp: Date.now() })),
      ...(producer === undefined
        ? {}
        : {
            producerId: producer.producerId,
            producerEpoch: producer.epoch,
            baseSequence: sequence,
            transactional: !plain,
          }),
    });
    return this.patiently(async () => {
      const { responses } = await this.request('Produce', version, {
        transactionalId: options.id === undefined ? (producer?.id ?? null) : options.id,
        acks: -1,
        timeoutMs: 5000,
        topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
      });
      return nameOf(responses[0]!.partitionResponses[0]!.errorCode);
    });
  }

  end(producer: Producer, committed: boolean, version = 3): Promise<string> {
    return this.patiently(async () => {
      const { id: transactionalId, producerId, epoch: producerEpoch } = producer;
      const body = { transactionalId, producerId, producerEpoch, committed };
      return nameOf((await this.request('EndTxn', version, body)).errorCode);
    });
  }

  addOffsets(producer: Producer, groupId: string, version = 3): Promise<string> {
    return this.patiently(async () => {
      const { id: transactionalId, producerId, epoch: producerEpoch } = producer;
      const body = { transactionalId, producerId, producerEpoch, groupId };
      return nameOf((await this.request('AddOffsetsToTxn', version, body)).errorCode);
    });
  }

  commitOffset(
    producer: Producer,
    groupId: string,
    topic: string,
    committedOffset: number,
    member: { generationId?: number; memberId?: string } = {},
  ): Promise<string> {
    return this.patiently(async () => {
      const { id: transactionalId, producerId, epoch: producerEpoch } = producer;
      const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: '' }];
      const body = {
        transactionalId,
        groupId,
        producerId,
        producerEpoch,
        topics: [{ name: topic, partitions }],
        ...member,
      };
      const answer = await this.request('TxnOffsetCommit', 3, body);
      return nameOf(answer.topics[0]!.partitions[0]!.errorCode);
    });
  }

  offset(groupId: string, topic: string, requireStable = false): Promise<string> {
    return this.patiently(async () => {
      const topics = [{ name: topic, partitionIndexes: [0] }];
      const answer = await this.request('OffsetFetch', 7, { groupId, topics, requireStable });
      if (answer.errorCode !== 0) return nameOf(answer.errorCode);
      const { errorCode, committedOffset } = answer.topics![0]!.partitions[0]!;
      return errorCode === 0 ? String(committedOffset) : nameOf(errorCode);
    });
  }

  async ends(topic: string): Promise<string> {
    const one = async (isolationLevel: number) => {
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1 }] }];
      const answer = await this.request('ListOffsets', 3, { replicaId: -1, isolationLevel, topics });
      return answer.topics[0]!.partitions[0]!.offset;
    };
    return `stable ${await one(1)}, end ${await one(0)}`;
  }

  /** What a partition holds: values with offsets, markers, and the aborted list as its readers get it. */
  async read(topic: string, committed: boolean, partition = 0, from = 0): Promise<string[]> {
    const seen: string[] = [];
    const aborted = new Set<string>();
    for (let fetchOffset = from; ; ) {
      const { responses } = await this.request('Fetch', 11, {
        maxWaitMs: 0,
        minBytes: 0,
        isolationLevel: committed ? 1 : 0,
        topics: [{ topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: 1_000_000 }] }],
        forgottenTopicsData: [],
      });
      const answer = responses[0]!.partitions[0]!;
      if (answer.errorCode !== 0) return [...seen, nameOf(answer.errorCode)];
      for (const { firstOffset } of answer.abortedTransactions ?? []) aborted.add(`aborted from ${firstOffset}`);
      const { batches } = splitWholeBatches(answer.records ?? Buffer.alloc(0));
      if (batches.length === 0) return [...seen, ...aborted];
      for (const batch of batches) {
        fetchOffset = batch.nextOffset;
        if (batch.isControl) seen.push(`${batch.baseOffset} ${decodeTransactionMarker(batch)?.type}`);
        else for (const { offset, value } of decodeRecords(batch)) seen.push(`${offset} ${value}`);
      }
    }
  }

  async state(producer: Producer): Promise<string> {
    const answer = await this.request('DescribeTransactions', 0, { transactionalIds: [producer.id] });
    const { errorCode, transactionState, topics } = answer.transactionStates[0]!;
    if (errorCode !== 0) return nameOf(errorCode);
    const partitions = topics.map(
      ({ topic, partitions: numbers }) => `${topic.replace(/-[0-9a-f]{8}$/, '')}:${numbers.sort()}`,
    );
    return [transactionState, ...partitions.sort()].join(' ');
  }
}
