import type { Services } from '../services.js';
import type { Topic } from '../topics/topics.js';
import type { Histogram } from './histogram.js';
import type { ApiMetrics, BrokerMetrics, GroupMetrics, LagMetrics, LatencyMetrics, TopicMetrics } from './metrics.js';
import type { TrafficCounters } from './traffic.js';

/** What a snapshot is taken from. */
export interface MetricsSource {
  readonly counters: TrafficCounters;
  readonly services: Services;
  /** The name of an API by its number. */
  readonly apiName: (apiKey: number) => string;
  readonly requestMemoryBytes: number;
}

/** Takes the state of all metrics. */
export function snapshot({ counters, services, apiName, requestMemoryBytes }: MetricsSource): BrokerMetrics {
  const at = services.now();
  return {
    at,
    uptimeMs: Date.now() - counters.startedAt,
    connections: {
      open: counters.connectionsOpen,
      accepted: counters.connectionsAccepted,
      refused: counters.connectionsRefused,
    },
    requestMemoryBytes,
    responseMemoryBytes: services.buffers.lentBytes,
    apis: [...counters.apis]
      .sort(([a], [b]) => a - b)
      .map(
        ([apiKey, { requestBytes, responseBytes, latency }]): ApiMetrics => ({
          api: apiName(apiKey),
          requests: latency.count,
          requestBytes,
          responseBytes,
          latencyMs: latencyOf(latency),
        }),
      ),
    topics: [...services.topics.all()].map((topic) => topicOf(topic, counters)),
    clients: [...counters.clients].map(([clientId, traffic]) => ({ clientId, ...traffic })),
    groups: groupsOf(services),
  };
}

function latencyOf(histogram: Histogram): LatencyMetrics {
  return {
    mean: histogram.meanMs,
    p50: histogram.percentile(0.5),
    p95: histogram.percentile(0.95),
    p99: histogram.percentile(0.99),
    max: histogram.maxMs,
  };
}

const NO_TRAFFIC = { recordsIn: 0, bytesIn: 0, recordsOut: 0, bytesOut: 0 };

function topicOf({ name, internal, partitions }: Topic, counters: TrafficCounters): TopicMetrics {
  const logs = partitions.map(({ startOffset, endOffset, size, segments }, partition) => ({
    partition,
    startOffset,
    endOffset,
    sizeBytes: size,
    segments: segments.length,
  }));
  return {
    topic: name,
    internal,
    ...(counters.topics.get(name) ?? NO_TRAFFIC),
    sizeBytes: logs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    partitions: logs,
  };
}

function groupsOf({ groups, offsets, topics }: Services): GroupMetrics[] {
  return [...groups.groups.values()].map(({ groupId, state, members }) => {
    const partitions: LagMetrics[] = [];
    for (const [topic, committed] of offsets.offsetsOf(groupId) ?? []) {
      for (const [partition, { offset }] of committed) {
        const log = topics.log(topic, partition);
        if (log === undefined) continue;
        const { startOffset, endOffset } = log;
        const lag = Math.max(0, endOffset - Math.max(offset, startOffset));
        partitions.push({ topic, partition, committedOffset: offset, endOffset, lag });
      }
    }
    partitions.sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
    const lag = partitions.reduce((sum, one) => sum + one.lag, 0);
    return { group: groupId, state, members: members.size, lag, partitions };
  });
}
