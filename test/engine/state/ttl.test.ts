import { expect, test } from 'vitest';
import { type HarnessSnapshot, operatorHarness } from '../../../src/datastream/testing/index.js';
import type { StateDescriptor } from '../../../src/engine/state/descriptors.js';
import {
  type DataStream,
  type KeyedProcessContext,
  KeyedProcessFunction,
  ListStateDescriptor,
  MapStateDescriptor,
  type RuntimeContext,
  ValueStateDescriptor,
} from '../../../src/index.js';

type Kind = 'value' | 'list' | 'map';
const KINDS: readonly Kind[] = ['value', 'list', 'map'];

interface Touch {
  readonly key: number;
  readonly entry?: number;
}

/** Puts each element into a state that lives for 100 ms, or for ever. */
class Keeping extends KeyedProcessFunction<number, Touch, never> {
  constructor(
    private readonly kind: Kind,
    private readonly ttlMs: number | undefined,
    private readonly lazy = false,
  ) {
    super();
  }
  private put!: (entry: number) => void;

  override open(context: RuntimeContext): void {
    if (!this.lazy) this.ask(context);
  }

  override processElement({ key, entry = key }: Touch, _context: KeyedProcessContext<number>): void {
    if (this.lazy) this.ask(this.getRuntimeContext());
    this.put(entry);
  }

  private ask(context: RuntimeContext): void {
    const living = <D extends StateDescriptor>(state: D): D =>
      this.ttlMs === undefined ? state : state.enableTimeToLive({ ttlMs: this.ttlMs });
    if (this.kind === 'value') {
      const state = context.getState(living(new ValueStateDescriptor<number>('kept')));
      this.put = (entry) => state.update(entry);
    } else if (this.kind === 'list') {
      const state = context.getListState(living(new ListStateDescriptor<number>('kept')));
      this.put = (entry) => state.add(entry);
    } else {
      const state = context.getMapState(living(new MapStateDescriptor<number, number>('kept')));
      this.put = (entry) => state.put(entry, entry);
    }
  }
}

const START = 1_000_000;

async function harnessOf(fn: Keeping, from?: HarnessSnapshot) {
  const harness = operatorHarness((input: DataStream<Touch>) => input.keyBy((touch) => touch.key).process(fn), {
    startMs: START,
  });
  if (from !== undefined) harness.initializeState(from);
  return harness.open();
}

test.each(KINDS)('a %s state forgets keys that never come again, while others come', async (kind) => {
  const harness = await harnessOf(new Keeping(kind, 100));
  for (let key = 0; key < 1000; key++) harness.processElement({ key });
  harness.advance(200);
  expect(harness.numKeyedStateEntries()).toBe(1000);
  for (let i = 0; i < 1000; i++) harness.processElement({ key: 5000 + (i % 3) });
  expect(harness.numKeyedStateEntries()).toBeLessThan(100);
});

test.each(KINDS)('a %s state does not grow where every key is new', async (kind) => {
  const harness = await harnessOf(new Keeping(kind, 100));
  let most = 0;
  for (let key = 0; key < 20_000; key++) {
    harness.processElement({ key });
    if (key % 10 === 0) harness.advance(1);
    if (key % 1000 === 0) most = Math.max(most, harness.numKeyedStateEntries());
  }
  // 1000 of them live.
  expect(most).toBeLessThan(4000);
});

test.each(['list', 'map'] as const)('a %s state forgets entries of one key', async (kind) => {
  const harness = await harnessOf(new Keeping(kind, 100));
  for (let entry = 0; entry < 100; entry++) harness.processElement({ key: 1, entry });
  harness.advance(200);
  harness.processElement({ key: 1, entry: 500 });
  for (let i = 0; i < 1000; i++) harness.processElement({ key: 2 });
  // A program without a time to live sees all that is kept.
  const after = await harnessOf(new Keeping(kind, undefined), await harness.snapshot());
  expect(after.state().get('kept', 1)).toEqual(kind === 'list' ? [500] : [[500, 500]]);
});

test.each(KINDS)('a %s state that gets a time to live after a restart lives from then on', async (kind) => {
  const before = await harnessOf(new Keeping(kind, undefined));
  before.processElement({ key: 1 });
  const after = await harnessOf(new Keeping(kind, 100), await before.snapshot());
  expect(after.state().keys('kept')).toEqual([1]);
  after.advance(99);
  expect(after.state().keys('kept')).toEqual([1]);
  after.advance(1);
  expect(after.state().keys('kept')).toEqual([]);
});

test.each(KINDS)('a %s state keeps its times over a snapshot that is taken before it was asked for', async (kind) => {
  const first = await harnessOf(new Keeping(kind, 100));
  first.processElement({ key: 1 });
  const second = await harnessOf(new Keeping(kind, 100, true), await first.snapshot());
  const third = await harnessOf(new Keeping(kind, 100), await second.snapshot());
  third.advance(99);
  expect(third.state().keys('kept')).toEqual([1]);
  third.advance(1);
  expect(third.state().keys('kept')).toEqual([]);
});
