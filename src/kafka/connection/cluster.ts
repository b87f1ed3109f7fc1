import type * as KafkaJs from 'kafkajs';
import { explain, isConnectionError, kafkaErrorType, topicNotFound, unreachable } from '../errors.js';
import { type BrokersOption, type FoundBroker, findBroker } from './brokers.js';
import { type Client, openClient } from './client.js';

/**
 * kafkajs's connection to one node, with the requests that its published types leave out. All of them are in 2.2.4,
 * its last release, to which package.json pins it.
 */
export interface Node {
  readonly versions: Record<number, { readonly minVersion: number; readonly maxVersion: number }>;
  readonly connectionPool: { send(exchange: RawExchange): Promise<unknown> };
  disconnect(): Promise<void>;
  joinGroup(request: {
    groupId: string;
    sessionTimeout: number;
    rebalanceTimeout: number;
    memberId: string;
    groupProtocols: { name: string; metadata: Buffer }[];
  }): Promise<{
    generationId: number;
    groupProtocol: string;
    leaderId: string;
    memberId: string;
    members: { memberId: string; memberMetadata: Buffer }[];
  }>;
  syncGroup(request: {
    groupId: string;
    generationId: number;
    memberId: string;
    groupAssignment: { memberId: string; memberAssignment: Buffer }[];
  }): Promise<{ memberAssignment: Buffer }>;
  heartbeat(request: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>;
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
  describeGroups(request: { groupIds: string[] }): Promise<{
    groups: { state: string; members: { memberId: string; clientId: string; clientHost: string }[] }[];
  }>;
  offsetCommit: KafkaJs.Broker['offsetCommit'];
  offsetFetch(request: {
    groupId: string;
    topics: { topic: string; partitions: { partition: number }[] }[];
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>;
}

/** A request whose bytes we write, and an answer whose bytes we read, over kafkajs's connection. */
export interface RawExchange {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: { decode(payload: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
  readonly requestTimeout?: number;
}

/** A connection to a Kafka cluster: its metadata, its nodes, its coordinators. Belongs to one reader. */
export interface OpenCluster {
  readonly cluster: KafkaJs.Cluster;
  readonly found: FoundBroker;
  /** Partition ids of a topic, ascending. */
  partitions(topic: string): number[];
  leaderOf(topic: string, partition: number): string | undefined;
  /** Learns about further topics, and about further partitions of those that are known. */
  learn(topics: readonly string[]): Promise<void>;
  node(nodeId: string): Promise<Node>;
  coordinator(groupId: string): Promise<Node>;
  close(): void;
}

export interface ClusterOptions {
  readonly brokers?: BrokersOption | undefined;
  readonly clientId?: string | undefined;
  /** Show records of transactions that are open or were aborted. Default: false. */
  readonly readUncommitted?: boolean | undefined;
}

/**
 * Connects, and learns about `topics`.
 *
 * kafkajs's consumer has no `assign()`: it reads only as a member of a group. But it hands its cluster (metadata and
 * connections, a published type) to the partition assigner when the consumer is made. That is all a reader with
 * offsets of its own needs: no group, no join, no rebalance, nothing left behind.
 *
 * @throws `broker-unreachable`, `topic-not-found`
 */
export async function openCluster(topics: readonly string[], options: ClusterOptions = {}): Promise<OpenCluster> {
  const found = findBroker(options.brokers);
  const client = await openClient(found, options.clientId, 'brief');
  const cluster = clusterOf(client, options.readUncommitted ?? false);
  try {
    await cluster.connect().catch((error: unknown) => {
      throw unreachable(found, 'something is there, but it does not speak the Kafka protocol', error);
    });
    await targetTopics(cluster, topics, found);
  } catch (error) {
    client.cut();
    throw explain(error, 'connecting', found);
  }
  return {
    cluster,
    found,
    partitions: (topic) =>
      cluster
        .findTopicPartitionMetadata(topic)
        .map((metadata) => metadata.partitionId)
        .sort((a, b) => a - b),
    leaderOf(topic, partition) {
      const metadata = cluster.findTopicPartitionMetadata(topic).find((entry) => entry.partitionId === partition);
      return metadata === undefined || metadata.leader < 0 ? undefined : String(metadata.leader);
    },
    async learn(more) {
      await targetTopics(cluster, more, found);
      await cluster.refreshMetadata();
    },
    node: async (nodeId) => (await cluster.findBroker({ nodeId })) as unknown as Node,
    coordinator: async (groupId) => (await cluster.findGroupCoordinator({ groupId })) as unknown as Node,
    close: () => client.cut(),
  };
}

function clusterOf(client: Client, readUncommitted: boolean): KafkaJs.Cluster {
  let taken: KafkaJs.Cluster | undefined;
  client.kafka.consumer({
    groupId: 'streambook-never-joined',
    readUncommitted,
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        taken = cluster;
        return {
          name: 'none',
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: '', metadata: Buffer.of() }),
        };
      },
    ],
  });
  return taken!;
}

async function targetTopics(cluster: KafkaJs.Cluster, topics: readonly string[], found: FoundBroker): Promise<void> {
  for (const topic of topics) {
    // A topic that was created a moment ago may not be known to every node yet.
    for (let attempt = 0; ; attempt++) {
      try {
        await cluster.addTargetTopic(topic);
        break;
      } catch (error) {
        const missing = kafkaErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION';
        if (!missing || isConnectionError(error)) throw error;
        if (attempt === 2) {
          const all = await cluster.metadata();
          const names = all.topicMetadata.map((entry) => entry.topic).filter((name) => !name.startsWith('__'));
          throw topicNotFound(topic, names.sort(), found);
        }
        await new Promise((resolve) => setTimeout(resolve, 40 * (attempt + 1)));
      }
    }
  }
}

/** What a broker says that has not heard yet that it leads a partition, or no longer does. */
const LEADER_MOVES = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'REPLICA_NOT_AVAILABLE']);
/** So long leaders are waited for. */
const LEADER_MS = 10_000;

/**
 * Asks the leaders for offsets: the first kept one, the next to be written, or the first at or after a time. A topic that was
 * made a moment ago may have leaders that do not know it yet: they are asked again.
 */
export async function listOffsets(
  open: OpenCluster,
  topic: string,
  at: 'earliest' | 'latest' | number,
  partitions: readonly number[] = open.partitions(topic),
  cluster: KafkaJs.Cluster = open.cluster,
): Promise<Map<number, number>> {
  const query = { topic, partitions: partitions.map((partition) => ({ partition })) };
  const wanted = typeof at === 'number' ? { fromTimestamp: at } : { fromBeginning: at === 'earliest' };
  for (const since = performance.now(); ; ) {
    try {
      const [answer] = await cluster.fetchTopicsOffset([{ ...query, ...wanted }]);
      return new Map((answer?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]));
    } catch (error) {
      if (!LEADER_MOVES.has(kafkaErrorType(error) ?? '') || performance.now() - since > LEADER_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
      await open.cluster.refreshMetadata();
    }
  }
}

/**
 * The offset behind the last record of each partition, with those of open transactions: `latest` ends before the first open
 * transaction where they are not to be read.
 */
export function logEnds(open: OpenCluster, topic: string): Promise<Map<number, number>> {
  const everything: KafkaJs.Cluster = Object.create(open.cluster, { isolationLevel: { value: 0 } });
  return listOffsets(open, topic, 'latest', open.partitions(topic), everything);
}
