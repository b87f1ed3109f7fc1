import type { BrokerMetrics } from './metrics.js';
import type { TrafficCounters } from './traffic.js';

/** Upper ends of the latency buckets, in seconds. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Labels = Readonly<Record<string, string | number>>;

/**
 * The metrics in the text format that Prometheus reads.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusText(
  metrics: BrokerMetrics,
  counters: TrafficCounters,
  apiName: (apiKey: number) => string,
): string {
  const text = new Text();
  const { connections, topics, clients, groups } = metrics;
  text.family('uptime_seconds', 'gauge', 'Since the broker started.', [[{}, metrics.uptimeMs / 1000]]);
  text.family('connections', 'gauge', 'Open connections.', [[{}, connections.open]]);
  text.family('connections_accepted_total', 'counter', 'Connections taken.', [[{}, connections.accepted]]);
  text.family('connections_refused_total', 'counter', 'Connections closed at once.', [[{}, connections.refused]]);
  text.family('request_memory_bytes', 'gauge', 'Requests in memory.', [[{}, metrics.requestMemoryBytes]]);
  text.family('response_memory_bytes', 'gauge', 'Records on their way out.', [[{}, metrics.responseMemoryBytes]]);
  for (const [name, key, help] of TRAFFIC) {
    text.family(
      `topic_${name}`,
      'counter',
      help,
      topics.map((topic) => [{ topic: topic.topic }, topic[key]]),
    );
    text.family(
      `client_${name}`,
      'counter',
      help,
      clients.map((client) => [{ client_id: client.clientId }, client[key]]),
    );
  }
  text.family(
    'client_connections',
    'gauge',
    'Open connections of a client id.',
    clients.map(({ clientId, connections: open }) => [{ client_id: clientId }, open]),
  );
  text.family(
    'client_requests_total',
    'counter',
    'Requests of a client id.',
    clients.map(({ clientId, requests }) => [{ client_id: clientId }, requests]),
  );
  const partitions = topics.flatMap(({ topic, partitions: all }) => all.map((one) => ({ topic, ...one })));
  for (const [name, key, help] of LOG) {
    text.family(
      `log_${name}`,
      'gauge',
      help,
      partitions.map((one) => [{ topic: one.topic, partition: one.partition }, one[key]]),
    );
  }
  text.family(
    'group_members',
    'gauge',
    'Members of a group.',
    groups.map(({ group, members }) => [{ group }, members]),
  );
  text.family(
    'group_lag_records',
    'gauge',
    'Records that a group has not committed.',
    groups.flatMap(({ group, partitions: all }) =>
      all.map(({ topic, partition, lag }): [Labels, number] => [{ group, topic, partition }, lag]),
    ),
  );
  latencies(text, counters, apiName);
  return text.toString();
}

const TRAFFIC = [
  ['records_in_total', 'recordsIn', 'Records written.'],
  ['bytes_in_total', 'bytesIn', 'Bytes of batches written.'],
  ['records_out_total', 'recordsOut', 'Records read.'],
  ['bytes_out_total', 'bytesOut', 'Bytes of batches read.'],
] as const;

const LOG = [
  ['start_offset', 'startOffset', 'First offset that is still there.'],
  ['end_offset', 'endOffset', 'Offset of the next record.'],
  ['size_bytes', 'sizeBytes', 'Bytes of all segments.'],
  ['segments', 'segments', 'Segment files.'],
] as const;

function latencies(text: Text, counters: TrafficCounters, apiName: (apiKey: number) => string): void {
  const apis = [...counters.apis].sort(([a], [b]) => a - b);
  for (const [name, key, help] of [
    ['request_bytes_total', 'requestBytes', 'Bytes of requests.'],
    ['response_bytes_total', 'responseBytes', 'Bytes of answers.'],
  ] as const) {
    text.family(
      name,
      'counter',
      help,
      apis.map(([apiKey, api]) => [{ api: apiName(apiKey) }, api[key]]),
    );
  }
  text.begin('request_duration_seconds', 'histogram', 'From taking a request up to answering it.');
  for (const [apiKey, { latency }] of apis) {
    const api = apiName(apiKey);
    for (const le of LATENCY_BUCKETS) {
      text.sample('request_duration_seconds_bucket', { api, le }, latency.atMost(le * 1000));
    }
    text.sample('request_duration_seconds_bucket', { api, le: '+Inf' }, latency.count);
    text.sample('request_duration_seconds_sum', { api }, latency.sumMs / 1000);
    text.sample('request_duration_seconds_count', { api }, latency.count);
  }
}

class Text {
  private readonly lines: string[] = [];

  family(
    name: string,
    type: 'gauge' | 'counter',
    help: string,
    samples: readonly (readonly [labels: Labels, value: number])[],
  ): void {
    if (samples.length === 0) return;
    this.begin(name, type, help);
    for (const [labels, value] of samples) this.sample(name, labels, value);
  }

  begin(name: string, type: string, help: string): void {
    this.lines.push(`# HELP streambook_broker_${name} ${help}`, `# TYPE streambook_broker_${name} ${type}`);
  }

  sample(name: string, labels: Labels, value: number): void {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(String(text))}"`);
    this.lines.push(`streambook_broker_${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`);
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
