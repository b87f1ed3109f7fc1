import type { Row } from '../../../core/rows/index.js';
import type { OutputTag } from '../../../engine/channels/output-tag.js';
import {
  END_OF_INPUT,
  type SideElement,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../../../engine/source.js';
import { NO_TIMESTAMP } from '../../../engine/time/time.js';
import type { Message } from '../../../kafka/index.js';
import type { BadRecord } from '../contract.js';
import type { RowReader } from './source.js';

type KafkaMessage = Message<Buffer | null>;

/**
 * Rows in place of messages: everything else (partitions, positions, commits) stays as the source of messages does it.
 *
 * @param makeReader one for each subtask
 * @param badTag the side output for messages that cannot be read
 */
export function rowsOfMessages(
  name: string,
  messages: Source<KafkaMessage>,
  makeReader: () => RowReader,
  badTag: OutputTag<BadRecord> | undefined,
): Source<Row> {
  const { maxParallelism, redistribute } = messages;
  // Options that do not go together are to be told before the job.
  makeReader();
  return {
    name,
    bounded: messages.bounded,
    ...(maxParallelism === undefined ? {} : { maxParallelism }),
    ...(redistribute === undefined ? {} : { redistribute: redistribute.bind(messages) }),
    createReader: (context) => new RowsReader(messages.createReader(context), makeReader(), context, badTag),
  };
}

class RowsReader implements SourceReader<Row> {
  constructor(
    private readonly messages: SourceReader<KafkaMessage>,
    private readonly rows: RowReader,
    private readonly context: SourceContext,
    private readonly badTag: OutputTag<BadRecord> | undefined,
  ) {}

  get busy(): boolean {
    return this.messages.busy === true;
  }

  open(): void | Promise<void> {
    return this.messages.open?.();
  }

  splits(): Iterable<string> {
    return this.messages.splits?.() ?? [];
  }

  pauseSplits(paused: ReadonlySet<string>): void {
    this.messages.pauseSplits?.(paused);
  }

  poll(): SourceBatch<Row> | typeof END_OF_INPUT | undefined {
    const batch = this.messages.poll();
    if (batch === undefined || batch === END_OF_INPUT) return batch;
    const values: Row[] = [];
    const timestamps: number[] = [];
    const given = batch.values;
    for (let i = 0; i < given.length; i++) {
      const row = this.rows.read(given[i] as KafkaMessage);
      if (row === undefined) continue;
      values.push(row);
      timestamps.push(batch.timestamps?.[i] ?? NO_TIMESTAMP);
    }
    if (values.length < given.length) this.context.skipped?.(given.length - values.length);
    const { badTag } = this;
    const bad = this.rows.takeBad();
    const sides =
      badTag === undefined
        ? []
        : bad.map((value): SideElement => ({ tag: badTag as OutputTag<unknown>, value, timestamp: NO_TIMESTAMP }));
    return { ...batch, values, timestamps, ...(sides.length === 0 ? {} : { sides }) };
  }

  position(): unknown {
    return this.messages.position();
  }

  checkpointCommitting(position: unknown): void {
    this.messages.checkpointCommitting?.(position);
  }

  checkpointCompleted(checkpointId: number, position: unknown): void | Promise<void> {
    return this.messages.checkpointCompleted?.(checkpointId, position);
  }

  close(): void | Promise<void> {
    return this.messages.close?.();
  }
}
