import type { Source } from '../../engine/source.js';
import type { Message } from '../../kafka/index.js';
import { positionsFor } from '../positions.js';
import './message-state.js';
import { type KafkaPosition, ownerOf } from './offsets.js';
import { checkKafkaSource, type KafkaSourceOptions } from './source-options.js';
import { KafkaReader } from './source-reader.js';

/**
 * Reads Kafka topics: those that are named, or all whose whole name fits a pattern. The source owns its offsets (they are part
 * of checkpoints); no consumer group decides where it goes on. Elements carry Kafka's timestamps, and watermarks made at the
 * source are made per partition.
 *
 * With several subtasks each reads the partitions that Flink would give it. A subtask without any is idle, so that it holds no
 * watermark back (Flink: it does, unless the strategy has an idleness).
 *
 * @see Flink: Kafka connector, source
 */
export function kafkaSource<V = string>(
  topic: string | readonly string[] | RegExp,
  options: KafkaSourceOptions = {},
): Source<Message<V>> {
  checkKafkaSource(topic, options);
  const { until } = options;
  return {
    name: `Kafka: ${typeof topic === 'string' || topic instanceof RegExp ? String(topic) : topic.join(', ')}`,
    bounded: until !== undefined,
    // Several could only count their own.
    ...(typeof until === 'object' && 'count' in until ? { maxParallelism: 1 } : {}),
    createReader: (context) => new KafkaReader<V>(topic, options, context),
    redistribute: (positions, parallelism) => {
      const before = positionsFor<KafkaPosition>('Kafka source', positions, ({ offsets }) => Array.isArray(offsets));
      const offsets = before.flatMap((position) => position.offsets);
      const read = before.reduce((sum, position) => sum + position.read, 0);
      return Array.from(
        { length: parallelism },
        (_, subtask): KafkaPosition => ({
          offsets: offsets.filter((one) => ownerOf(one.topic, one.partition, parallelism) === subtask),
          read: subtask === 0 ? read : 0,
        }),
      );
    },
  };
}
