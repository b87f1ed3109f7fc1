import { ArgumentError } from '../../core/errors.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';
import type { DeliveryGuarantee, Sink } from '../../engine/sink.js';
import { type LineFormat, lineEncoder } from './encode.js';
import { fullPath } from './paths.js';
import { FileSinkOperator } from './sink-operator.js';

/** When a file is closed and the next one begun. @see Flink: FileSink, Rolling Policy */
export interface RollingPolicy {
  /** Default 128 MiB. */
  readonly maxPartBytes?: number;
  /** A file is not open for longer than this. Default 1 minute. */
  readonly rolloverIntervalMs?: number;
  /** A file that nothing was written to for so long is closed. Default: it stays open. */
  readonly inactivityIntervalMs?: number;
  /** How often files are looked at for these two. Default: as soon as one is due. */
  readonly checkIntervalMs?: number;
  /** Whether each checkpoint closes the file, so that what it covers can be read at once. Default `true`. */
  readonly onCheckpoint?: boolean;
}

/** Settings of {@link fileSink}. */
export interface FileSinkOptions<T> extends LineFormat {
  /** Default `exactly-once`: a file appears when the checkpoint that covers it is complete. */
  readonly deliveryGuarantee?: DeliveryGuarantee;
  readonly rollingPolicy?: RollingPolicy;
  /** Names begin with it. Default `part`. */
  readonly partPrefix?: string;
  /** Names end in it. Default by format: `.txt`, `.csv`, `.jsonl`. */
  readonly partSuffix?: string;
  /** The folder below the sink's that an element goes into: `(order) => order.day`. Default: none. */
  readonly bucket?: (element: T) => string;
  /** Tells readers of a bucket that it is complete. Default: nothing tells them. */
  readonly bucketCommit?: BucketCommit;
}

/**
 * When a bucket counts as complete: a file of this name is written into it then.
 *
 * @see Flink: FileSystem, Partition Commit
 */
export interface BucketCommit {
  readonly fileName: string;
  /** How long after its time a bucket is complete. */
  readonly delayMs: number;
  /**
   * The time of a bucket, epoch ms: it is complete when the watermark is `delayMs` past it. Absent: complete so long after
   * the sink began it, by the clock.
   */
  readonly timeOf?: ((bucket: string) => number) | undefined;
}

const NAMES: OptionNames<FileSinkOptions<unknown>> = {
  format: true,
  schema: true,
  csv: true,
  json: true,
  encode: true,
  head: true,
  deliveryGuarantee: true,
  rollingPolicy: true,
  partPrefix: true,
  partSuffix: true,
  bucket: true,
  bucketCommit: true,
};
const ROLLING: OptionNames<RollingPolicy> = {
  maxPartBytes: true,
  rolloverIntervalMs: true,
  inactivityIntervalMs: true,
  checkIntervalMs: true,
  onCheckpoint: true,
};
const COMMIT: OptionNames<BucketCommit> = { fileName: true, delayMs: true, timeOf: true };

const DEFAULT_PART_BYTES = 128 * 1024 * 1024;

/**
 * Writes elements as lines into files of a folder.
 *
 * With `exactly-once` a file is written under a hidden name (`.part-....inprogress`), waits for its checkpoint, and is then
 * renamed: whoever reads the folder sees each element once, whatever failed. A job without checkpoints publishes its files
 * at its end. With `at-least-once` and `none` files are visible at once, and a restart may write elements again.
 *
 * @example
 *   orders.sinkTo(fileSink('out', { format: 'json' }));
 * @see Flink: FileSystem, File Sink
 */
export function fileSink<T>(directory: string | URL, options: FileSinkOptions<T> = {}): Sink<T> {
  checkOptions('fileSink', options, NAMES);
  checkOptions('fileSink, rollingPolicy,', options.rollingPolicy, ROLLING);
  checkOptions('fileSink, bucketCommit,', options.bucketCommit, COMMIT);
  const { rollingPolicy = {}, deliveryGuarantee = 'exactly-once', partPrefix = 'part' } = options;
  if (!['none', 'at-least-once', 'exactly-once'].includes(deliveryGuarantee)) {
    throw new ArgumentError(`fileSink: deliveryGuarantee is ${String(deliveryGuarantee)}`);
  }
  if (partPrefix === '' || /[/\\.]/.test(partPrefix)) {
    throw new ArgumentError(
      `fileSink: partPrefix is ${JSON.stringify(partPrefix)}, not a name without dots and slashes`,
    );
  }
  const {
    maxPartBytes = DEFAULT_PART_BYTES,
    rolloverIntervalMs = 60_000,
    inactivityIntervalMs = Number.POSITIVE_INFINITY,
    checkIntervalMs = 0,
    onCheckpoint = true,
  } = rollingPolicy;
  if (!(maxPartBytes > 0)) throw new ArgumentError(`fileSink: maxPartBytes is ${maxPartBytes}, not above 0`);
  if (!(rolloverIntervalMs > 0)) throw new ArgumentError(`fileSink: rolloverIntervalMs is ${rolloverIntervalMs}`);
  if (!(inactivityIntervalMs > 0)) throw new ArgumentError(`fileSink: inactivityIntervalMs is ${inactivityIntervalMs}`);
  if (!(checkIntervalMs >= 0)) throw new ArgumentError(`fileSink: checkIntervalMs is ${checkIntervalMs}`);
  const encoder = lineEncoder(options);
  const folder = fullPath('fileSink: the folder', directory);
  return {
    name: 'File Sink',
    commits: true,
    createOperator: () =>
      new FileSinkOperator<T>({
        directory: folder,
        deliveryGuarantee,
        maxPartBytes,
        rolloverIntervalMs,
        inactivityIntervalMs,
        checkIntervalMs,
        onCheckpoint,
        partPrefix,
        partSuffix: options.partSuffix ?? encoder.suffix,
        bucket: options.bucket,
        bucketCommit: options.bucketCommit,
        encoder,
      }),
  };
}
