import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferPool } from '../../../../src/broker/log/buffer-pool.js';
import { compact } from '../../../../src/broker/log/compaction/compact.js';
import { removeRetired } from '../../../../src/broker/log/compaction/replace.js';
import type { PartitionLog } from '../../../../src/broker/log/partition-log.js';
import { readLog } from '../../../../src/broker/log/read.js';
import { MemoryStorage } from '../../../../src/broker/storage/memory.js';
import type { Storage } from '../../../../src/broker/storage/storage.js';
import { encodeTransactionMarker } from '../../../../src/wire/control-batch.js';
import { RecordBatch, splitWholeBatches } from '../../../../src/wire/record-batch.js';
import { decodeRecords } from '../../../../src/wire/records.js';
import { CrashingStorage } from '../../support/crashing.js';
import { batch, context, open } from '../../support/logs.js';
import { tempFolder } from '../../support/temp.js';

/** What happens to a log. */
type Step =
  | { readonly kind: 'put'; readonly records: readonly (readonly [string, string | null])[]; readonly codec: boolean }
  | {
      readonly kind: 'transaction';
      readonly producer: number;
      readonly records: readonly (readonly [string, string | null])[];
    }
  | { readonly kind: 'end'; readonly producer: number; readonly commit: boolean }
  | { readonly kind: 'compact'; readonly maxMapBytes: number }
  | { readonly kind: 'roll' | 'reopen' | 'wait' };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
const value = fc.option(fc.string({ maxLength: 20 }), { freq: 4, nil: null });
const records = fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 5 });
const producer = fc.constantFrom(1, 2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('put' as const), records, codec: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('transaction' as const), producer, records }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('end' as const), producer, commit: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('compact' as const), maxMapBytes: fc.constantFrom(100, 300, 1e6) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('roll' as const, 'reopen' as const, 'wait' as const) }) },
);

const SETTINGS = {
  'cleanup.policy': 'compact',
  'segment.bytes': '250',
  'min.cleanable.dirty.ratio': '0',
  'delete.retention.ms': '100',
};

/** A log, and beside it what a reader of committed records would have to find in it. */
class Tried {
  private now = 1_000;
  private readonly sequences = new Map<number, number>();
  /** Offset -> what was written there, once it counts. */
  readonly written = new Map<number, readonly [string, string | null]>();
  private readonly open = new Map<number, [number, readonly [string, string | null]][]>();

  private constructor(
    readonly storage: Storage,
    public log: PartitionLog,
  ) {}

  static async begin(storage: Storage): Promise<Tried> {
    const tried: Tried = new Tried(storage, undefined as never);
    await tried.reopen();
    return tried;
  }

  async reopen(): Promise<void> {
    const { storage } = this;
    this.log = await open(
      storage,
      SETTINGS,
      context(storage, () => this.now),
    );
  }

  async do(step: Step): Promise<void> {
    const { log } = this;
    if (step.kind === 'put') {
      const { baseOffset } = await log.append(this.batch(step.records, step.codec ? { compression: 'gzip' } : {}));
      for (const [i, record] of step.records.entries()) this.written.set(baseOffset + i, record);
    } else if (step.kind === 'transaction') {
      const baseSequence = this.sequences.get(step.producer) ?? 0;
      this.sequences.set(step.producer, baseSequence + step.records.length);
      const by = { producerId: step.producer, producerEpoch: 0, baseSequence, transactional: true };
      const { baseOffset } = await log.append(this.batch(step.records, by));
      const list = this.open.get(step.producer) ?? [];
      this.open.set(step.producer, [...list, ...step.records.map((r, i) => [baseOffset + i, r] as [number, typeof r])]);
    } else if (step.kind === 'end') {
      const type = step.commit ? 'commit' : 'abort';
      const by = { producerId: step.producer, producerEpoch: 0, coordinatorEpoch: 0, timestamp: this.now };
      await log.append(new RecordBatch(encodeTransactionMarker({ type, ...by })));
      if (step.commit)
        for (const [offset, record] of this.open.get(step.producer) ?? []) this.written.set(offset, record);
      this.open.delete(step.producer);
    } else if (step.kind === 'roll') await log.roll();
    else if (step.kind === 'wait') this.now += 60;
    else if (step.kind === 'compact') await compact(log, step);
    else {
      await log.close();
      await this.reopen();
    }
  }

  private batch(list: readonly (readonly [string, string | null])[], more: object): RecordBatch {
    return batch(
      list.map(([k, v]) => ({ key: k, value: v, timestamp: this.now })),
      more,
    );
  }

  /** Key -> value by the model, up to the last stable offset. */
  expected(): Map<string, string> {
    const values = new Map<string, string>();
    for (const [offset, [k, v]] of [...this.written].sort(([a], [b]) => a - b)) {
      if (offset >= this.log.stableOffset) break;
      if (v === null) values.delete(k);
      else values.set(k, v);
    }
    return values;
  }

  /** Key -> value by reading as a consumer of committed records does, from a random-sized buffer. */
  async found(maxBytes: number): Promise<Map<string, string>> {
    const values = new Map<string, string>();
    const pool = new BufferPool();
    const { log } = this;
    const upTo = log.stableOffset;
    let offset = log.startOffset;
    for (;;) {
      const aborted = log.producers.abortedBetween(offset, upTo);
      const lent = await readLog(log, { offset, maxBytes, upTo, atLeastOne: true }, pool);
      if (lent === undefined) return values;
      const { batches } = splitWholeBatches(Buffer.from(lent.view));
      lent.giveBack();
      for (const found of batches) {
        const skip = aborted.some(
          (one) =>
            one.producerId === found.producerId &&
            one.firstOffset <= found.baseOffset &&
            found.lastOffset < one.lastOffset,
        );
        offset = found.nextOffset;
        if (found.isControl || (found.isTransactional && skip)) continue;
        for (const record of decodeRecords(found)) {
          // What is left is exactly what was written at its offset.
          const [k, v] = this.written.get(record.offset)!;
          expect([String(record.key), record.value?.toString() ?? null]).toEqual([k, v]);
          if (v === null) values.delete(k);
          else values.set(k, v);
        }
      }
    }
  }
}

describe('a reader of a compacted log', () => {
  it('ends with the same last value of every key, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 2000 }),
        async (steps, maxBytes) => {
          const tried = await Tried.begin(new MemoryStorage());
          for (const one of steps) {
            await tried.do(one);
            if (one.kind === 'compact') expect(await tried.found(maxBytes)).toEqual(tried.expected());
          }
          await tried.log.roll();
          while ((await compact(tried.log)) > 0);
          expect(await tried.found(maxBytes)).toEqual(tried.expected());
          await tried.log.close();
        },
      ),
      { numRuns: 300 },
    );
  });

  // Thousands of files are made and forced to the disk: on a busy one that takes its time.
  it('does so after a crash at any moment of a run, and the next run finishes the work', {
    timeout: 300_000,
  }, async () => {
    const put = (...texts: string[]): Step => ({
      kind: 'put',
      records: texts.map((text) => [text[0]!, text.length > 1 ? text.slice(1) : null] as const),
      codec: false,
    });
    const steps: Step[] = [];
    for (let i = 0; i < 12; i++) {
      steps.push(put(`a${i}`, `b${i}`, `${'cdefg'[i % 5]}${'x'.repeat(60)}`));
      steps.push({ kind: 'transaction', producer: 1, records: [['b', `in ${i}`]] });
      steps.push({ kind: 'end', producer: 1, commit: i % 3 === 0 });
      if (i === 6) steps.push({ kind: 'compact', maxMapBytes: 1e6 });
      if (i % 4 === 0) steps.push(put('g'));
    }
    let crashes = 0;
    // Each third moment, for the sake of time.
    for (let at = 1; ; at += 3) {
      const storage = new CrashingStorage(tempFolder());
      const tried = await Tried.begin(storage);
      for (const one of steps) await tried.do(one);
      await tried.log.checkpoint();
      const before = await tried.found(500);
      expect(before).toEqual(tried.expected());
      storage.dieAt(at);
      // Removal of the old files, which comes later, is part of it.
      const died = await compact(tried.log)
        .then(() => removeRetired(tried.log))
        .then(
          () => false,
          () => true,
        );
      if (!died) break;
      crashes++;
      await storage.close();
      for (const timer of tried.log.retired.values()) clearTimeout(timer);
      const after = new CrashingStorage(storage.folder);
      Object.assign(tried, { storage: after });
      await tried.reopen();
      expect(await tried.found(500)).toEqual(before);
      await compact(tried.log);
      expect(await tried.found(500)).toEqual(before);
      await tried.log.close();
      await after.close();
    }
    expect(crashes).toBeGreaterThan(20);
    console.log(`crashed at ${crashes} moments`);
  });
});
