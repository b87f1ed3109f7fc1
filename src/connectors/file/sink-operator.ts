import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelTimer } from '../../core/clock.js';
import { ArgumentError } from '../../core/errors.js';
import { atFault } from '../../engine/checkpoint/fault-points.js';
import { during } from '../../engine/errors.js';
import { Operator } from '../../engine/operator.js';
import type { DeliveryGuarantee } from '../../engine/sink.js';
import type { OperatorListState } from '../../engine/state/operator-state.js';
import type { LineEncoder } from './encode.js';
import { OpenBuckets } from './open-buckets.js';
import { PartFile } from './part.js';
import type { BucketCommit } from './sink.js';
import { type HiddenFile, IN_PROGRESS, publish, recoverFiles, type SinkState } from './sink-recovery.js';

/** What a file sink's operator is told. */
export interface FileSinkSettings<T> {
  readonly directory: string;
  readonly deliveryGuarantee: DeliveryGuarantee;
  readonly maxPartBytes: number;
  readonly rolloverIntervalMs: number;
  readonly inactivityIntervalMs: number;
  readonly checkIntervalMs: number;
  readonly onCheckpoint: boolean;
  readonly partPrefix: string;
  readonly partSuffix: string;
  readonly bucket: ((element: T) => string) | undefined;
  readonly bucketCommit: BucketCommit | undefined;
  readonly encoder: LineEncoder;
}

/** The job waits while more than this has not reached the system. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

interface OpenPart {
  readonly part: PartFile;
  readonly file: Omit<HiddenFile, 'length'>;
  readonly bucket: string;
  readonly openedAt: number;
  writtenAt: number;
  /** Whether a snapshot may know of it. */
  known: boolean;
}

interface EndedPart extends HiddenFile {
  readonly part: PartFile;
  readonly known: boolean;
  readonly ended: Promise<void>;
  readonly bucket: string;
  /** The checkpoint that covers it; absent before there is one. */
  checkpoint: number | undefined;
}

/**
 * Writes lines into the current file of each bucket. Files that were closed wait for the checkpoint that covers them.
 *
 * @see Flink: `FileWriter`, `FileCommitter`
 */
export class FileSinkOperator<T> extends Operator<T, never> {
  private state!: OperatorListState<SinkState>;
  private sinkId = '';
  private counter = 0;
  private readonly parts = new Map<string, OpenPart>();
  private ended: EndedPart[] = [];
  private release: (() => void) | undefined;
  private cancelTimer: CancelTimer | undefined;
  private buckets: OpenBuckets | undefined;
  private readonly exactly: boolean;

  constructor(private readonly settings: FileSinkSettings<T>) {
    super('File Sink');
    this.exactly = settings.deliveryGuarantee === 'exactly-once';
  }

  override async open(): Promise<void> {
    const { operatorState, subtask, parallelism } = this.context;
    this.state = operatorState.unionList<SinkState>('file-sink');
    const states = this.state.get();
    const mine = states.filter((state) => state.subtask % parallelism === subtask);
    const before = mine.find((state) => state.subtask === subtask);
    this.sinkId = before?.sinkId ?? randomBytes(4).toString('hex');
    this.counter = before?.counter ?? 0;
    if (this.exactly && mine.length > 0) await recoverFiles(this.settings.directory, states, mine);
    // Without the promise of exactly once, files from after the snapshot stay, and their names are taken.
    if (!this.exactly && before !== undefined) this.sinkId = randomBytes(4).toString('hex');
    this.state.clear();
    const { bucketCommit, directory } = this.settings;
    if (bucketCommit === undefined) return;
    this.buckets = new OpenBuckets(
      directory,
      bucketCommit,
      mine.flatMap(({ buckets }) => buckets ?? []),
    );
  }

  override processElement(value: T): void {
    const { settings } = this;
    const line = settings.encoder.encode(value);
    if (typeof line !== 'string') throw new ArgumentError(`a file sink's line is ${typeof line}, not a string`);
    const bucket = settings.bucket === undefined ? '' : checkBucket(settings.bucket(value));
    const open = this.parts.get(bucket) ?? this.begin(bucket);
    open.part.write(line);
    if (settings.inactivityIntervalMs !== Number.POSITIVE_INFINITY) open.writtenAt = this.context.clock.now();
    if (open.part.exceeds(settings.maxPartBytes)) this.roll(bucket, open);
    if (open.part.waiting > MOST_WAITING_BYTES) this.release ??= this.context.block();
  }

  override snapshotState(checkpointId: number): Promise<void> {
    const { deliveryGuarantee, onCheckpoint } = this.settings;
    const syncing: Promise<void>[] = [];
    const stillOpen: HiddenFile[] = [];
    for (const [bucket, open] of [...this.parts]) {
      if (onCheckpoint || this.context.finished) this.roll(bucket, open);
      else {
        open.known = true;
        syncing.push(open.part.sync());
        stillOpen.push({ ...open.file, length: open.part.length });
      }
    }
    for (const part of this.ended) {
      part.checkpoint ??= checkpointId;
      syncing.push(part.ended);
    }
    const files = this.exactly
      ? [...this.ended.map(({ hidden, final, length }) => ({ hidden, final, length })), ...stillOpen]
      : [];
    const { sinkId, counter, buckets } = this;
    const more = buckets === undefined ? {} : { buckets: buckets.state() };
    this.state.update([{ sinkId, subtask: this.context.subtask, counter, files, ...more }]);
    if (deliveryGuarantee === 'none') return Promise.resolve();
    return Promise.all(syncing).then(() => undefined);
  }

  override async checkpointCompleted(checkpointId: number): Promise<void> {
    const covered = this.ended.filter((part) => part.checkpoint !== undefined && part.checkpoint <= checkpointId);
    this.ended = this.ended.filter((part) => !covered.includes(part));
    // Also where nothing is promised: a job that has come to its end has written everything.
    for (const part of covered) await part.ended;
    if (!this.exactly) return;
    for (const part of covered) {
      await publish(this.settings.directory, part);
      atFault('published');
    }
    const { buckets, context } = this;
    if (buckets === undefined) return;
    const unseen = new Set([...this.parts.keys(), ...this.ended.map(({ bucket }) => bucket)]);
    await buckets.complete(unseen, context.clock.now(), context.currentWatermark, context.finished);
  }

  override async close(): Promise<void> {
    this.cancelTimer?.();
    for (const { part, known } of this.parts.values()) await this.leave(part, known);
    for (const { part, known, checkpoint } of this.ended) await this.leave(part, known || checkpoint !== undefined);
  }

  /** What no snapshot knows of, nobody would ever remove: a job that starts again on a full disk would keep it full. */
  private async leave(part: PartFile, known: boolean): Promise<void> {
    await part.abandon();
    if (this.exactly && !known) await rm(part.path, { force: true }).catch(() => undefined);
  }

  private begin(bucket: string): OpenPart {
    const { partPrefix, partSuffix, directory, encoder } = this.settings;
    const name = `${partPrefix}-${this.sinkId}-${this.counter++}${partSuffix}`;
    const final = join(bucket, name);
    const hidden = this.exactly ? join(bucket, `.${name}${IN_PROGRESS}`) : final;
    const part = new PartFile(
      join(directory, hidden),
      () => this.written(),
      (error) => this.context.job.fail(during(this.context, 'while it wrote', error)),
    );
    if (encoder.head !== '') part.write(encoder.head.replace(/\n$/, ''));
    const now = this.context.clock.now();
    const open = { part, file: { hidden, final }, bucket, openedAt: now, writtenAt: now, known: false };
    this.parts.set(bucket, open);
    this.buckets?.begin(bucket, now);
    this.watchAge();
    return open;
  }

  private roll(bucket: string, { part, file, known }: OpenPart): void {
    this.parts.delete(bucket);
    const ended = part.end();
    this.ended.push({ ...file, part, known, bucket, length: part.length, ended, checkpoint: undefined });
  }

  private written(): void {
    if (this.release === undefined) return;
    for (const { part } of this.parts.values()) if (part.waiting > MOST_WAITING_BYTES / 2) return;
    this.release();
    this.release = undefined;
  }

  /** When a file has been open, or at rest, for too long. */
  private dueAt({ openedAt, writtenAt }: OpenPart): number {
    const { rolloverIntervalMs, inactivityIntervalMs } = this.settings;
    return Math.min(openedAt + rolloverIntervalMs, writtenAt + inactivityIntervalMs);
  }

  private watchAge(): void {
    if (this.cancelTimer !== undefined || this.parts.size === 0) return;
    const { clock, job } = this.context;
    const { checkIntervalMs } = this.settings;
    const due = Math.min(...[...this.parts.values()].map((open) => this.dueAt(open)));
    const at = checkIntervalMs > 0 ? clock.now() + checkIntervalMs : due;
    this.cancelTimer = clock.schedule(at, () =>
      job.mail(() => {
        this.cancelTimer = undefined;
        const now = clock.now();
        for (const [bucket, open] of [...this.parts]) if (now >= this.dueAt(open)) this.roll(bucket, open);
        this.watchAge();
      }),
    );
  }
}

function checkBucket(bucket: string): string {
  if (
    typeof bucket === 'string' &&
    bucket !== '' &&
    !bucket.split(/[/\\]/).some((part) => part === '..' || part === '')
  ) {
    return bucket;
  }
  throw new ArgumentError(
    `fileSink: the bucket is ${JSON.stringify(bucket)}, not the name of a folder below the sink's`,
  );
}
