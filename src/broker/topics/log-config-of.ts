import type { LogConfig } from '../log/log-config.js';
import { listOf, topicConfigKey } from './configs.js';

/** Configuration values by key: a topic's own, or the broker's defaults for topics. */
export type ConfigValues = Readonly<Record<string, string>>;

/**
 * What a topic's logs act on.
 *
 * @param own the topic's values; they have been checked
 * @param defaults the broker's values under the topics' keys; what neither has is Kafka's default
 */
export function logConfigOf(own: ConfigValues, defaults: ConfigValues): LogConfig {
  const text = (key: string): string => own[key] ?? defaults[key] ?? topicConfigKey.get(key)!.default;
  const number = (key: string): number => Number(text(key));
  const policies = listOf(text('cleanup.policy'));
  return {
    segmentBytes: number('segment.bytes'),
    segmentMs: number('segment.ms'),
    indexIntervalBytes: number('index.interval.bytes'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    maxMessageBytes: number('max.message.bytes'),
    logAppendTime: text('message.timestamp.type') === 'LogAppendTime',
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    deletes: policies.includes('delete'),
    compacts: policies.includes('compact'),
    deleteRetentionMs: number('delete.retention.ms'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
  };
}
