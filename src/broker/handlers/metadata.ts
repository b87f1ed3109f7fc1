import { errorCodes } from '../../wire/error-codes.js';
import { errorCodeOf } from '../kafka-error.js';
import { serve } from '../server/request.js';
import type { Services } from '../services.js';
import { checkTopicName } from '../topics/names.js';
import { INTERNAL_TOPICS, type Topic } from '../topics/topics.js';

/** Which brokers there are (one), and which topics with their partitions; creates topics that a client asks for. */
export const metadata = serve('Metadata', [0, 13], async (body, { apiVersion, client }, services) => {
  const { host, port } = services.addressFor(client.localHost);
  // Version 0 has no null: an empty list means all there.
  const all = body.topics === null || (apiVersion === 0 && body.topics.length === 0);
  const topics = [];
  if (all) for (const topic of services.topics.all()) topics.push(describe(topic, services));
  else {
    for (const { name, topicId } of body.topics ?? []) {
      topics.push(await one(name, topicId, body.allowAutoTopicCreation, services));
    }
  }
  return {
    brokers: [{ nodeId: services.nodeId, host, port }],
    clusterId: services.clusterId,
    controllerId: services.nodeId,
    topics,
  };
});

async function one(name: string | null, topicId: string, mayCreate: boolean, services: Services) {
  const failed = (errorCode: number) => ({ errorCode, name, topicId, isInternal: isInternal(name), partitions: [] });
  if (name === null) {
    const topic = services.topics.withId(topicId);
    return topic === undefined ? failed(errorCodes.UNKNOWN_TOPIC_ID) : describe(topic, services);
  }
  const topic = services.topics.get(name);
  if (topic !== undefined) return describe(topic, services);
  try {
    checkTopicName(name);
    if (!mayCreate || !services.autoCreateTopics) return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    return describe(await services.topics.create(name, services.defaultPartitions), services);
  } catch (error) {
    // Two clients asked at the same moment.
    const created = services.topics.get(name);
    return created === undefined ? failed(errorCodeOf(error)) : describe(created, services);
  }
}

function isInternal(name: string | null): boolean {
  return name !== null && INTERNAL_TOPICS.has(name);
}

function describe(topic: Topic, { nodeId }: Services) {
  const nodes = [nodeId];
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: topic.partitions.map((_, partitionIndex) => ({
      errorCode: 0,
      partitionIndex,
      leaderId: nodeId,
      leaderEpoch: 0,
      replicaNodes: nodes,
      isrNodes: nodes,
      offlineReplicas: [],
    })),
  };
}
