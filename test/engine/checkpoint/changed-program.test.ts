import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type CheckpointedFunction,
  type Collector,
  type ExecuteOptions,
  type FunctionInitializationContext,
  KeyedProcessFunction,
  ListStateDescriptor,
  MapStateDescriptor,
  type OperatorListState,
  type ProcessContext,
  ProcessFunction,
  RestartStrategies,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  serialisable,
  streamEnv,
  ValueStateDescriptor,
} from '../../../src/index.js';

let folder = '';
let warned: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-changed-'));
  warned = [];
  vi.spyOn(console, 'warn').mockImplementation((message) => void warned.push(String(message)));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

type Build = (env: StreamExecutionEnvironment, out: (result: unknown) => void) => void;

/** Runs to the end and leaves a checkpoint behind; `to` numbers in all over the lives of the program. */
async function run(build: Build, options: ExecuteOptions = {}, parallelism = 1): Promise<unknown[]> {
  const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage: folder }, parallelism });
  // What another attempt would meet again must not be tried again.
  env.setRestartStrategy(RestartStrategies.fixedDelayRestart(5, 1));
  const results: unknown[] = [];
  build(env, (result) => void results.push(result));
  await env.execute(options);
  return results;
}

const latest = { restoreFrom: 'latest' };

/** Sums of the numbers in a value state, or all of them in a list state. */
class Keeping extends KeyedProcessFunction<number, number, unknown> {
  constructor(
    private readonly kind: 'value' | 'list',
    private readonly described: (name: string) => ValueStateDescriptor<number>,
  ) {
    super();
  }
  override processElement(n: number, _context: unknown, out: Collector<unknown>): void {
    const runtime = this.getRuntimeContext();
    if (this.kind === 'list') {
      const list = runtime.getListState(new ListStateDescriptor<number>('kept'));
      list.add(n);
      out.collect(list.get());
      return;
    }
    const state = runtime.getState(this.described('kept'));
    state.update((state.value() ?? 0) + n);
    out.collect(state.value());
  }
}

const plain = (name: string) => new ValueStateDescriptor<number>(name);
const keyed =
  (to: number, fn = new Keeping('value', plain), uids = { source: 'source', keeping: 'keeping' }): Build =>
  (env, out) => {
    env
      .fromSequence(1, to)
      .uid(uids.source)
      .keyBy(() => 0)
      .process(fn)
      .uid(uids.keeping)
      .forEach(out)
      .uid('out');
  };

describe('a program that was changed', () => {
  test('a state of another kind is named, and not tried again', async () => {
    await run(keyed(2));
    await expect(run(keyed(3, new Keeping('list', plain)), latest)).rejects.toThrow(
      /snapshot holds a value state `kept`, and the program asks for a list state/,
    );
    expect(warned).toEqual([]);
  });

  test('a state under another name is named, and kept', async () => {
    await run(keyed(2));
    const renamed = new Keeping('value', () => new ValueStateDescriptor<number>('other'));
    expect(await run(keyed(3, renamed), latest)).toEqual([3]);
    expect(warned.join()).toMatch(/`kept` of `keeping` \(KeyedProcess\)/);
    warned = [];
    expect(await run(keyed(4), latest)).toEqual([7]);
    expect(warned.join()).toMatch(/`other` of `keeping`/);
  });

  test('a source and an operator that have changed their uids are both named', async () => {
    await run(keyed(2));
    const swapped = keyed(3, undefined, { source: 'keeping', keeping: 'source' });
    await expect(run(swapped, latest)).rejects.toThrow(
      /holds state of `source` \(Sequence Source, now KeyedProcess\), `keeping` \(KeyedProcess, now Sequence Source\)/,
    );
    const begun = keyed(3, undefined, { source: 'keeping', keeping: 'source' });
    expect(await run(begun, { ...latest, allowNonRestoredState: true })).toEqual([1, 3, 6]);
  });

  const versioned = (version: number, migrate: (old: unknown) => unknown) =>
    new Keeping('value', () => new ValueStateDescriptor<number>('kept').withVersion(version, migrate));

  test.each([
    [
      'throws',
      () => {
        throw new Error('no idea');
      },
      /migrate hook of state `kept` failed on a value of version 1: no idea/,
    ],
    ['gives nothing', () => undefined, /migrate hook of state `kept` failed .*: it gave undefined/],
    ['gives a promise', async () => 1, /migrate hook of state `kept` failed .* is an instance of Promise/],
  ])('a migrate hook that %s is named, and not tried again', async (_what, migrate, message) => {
    await run(keyed(2));
    await expect(run(keyed(3, versioned(2, migrate)), latest)).rejects.toThrow(message);
    expect(warned).toEqual([]);
  });

  test('a version that goes back is refused', async () => {
    await run(
      keyed(
        2,
        versioned(3, (old) => old),
      ),
    );
    await expect(
      run(
        keyed(
          3,
          versioned(2, (old) => old),
        ),
        latest,
      ),
    ).rejects.toThrow(/version 3 of state `kept`, the program 2(.|\n)*versions only go up/);
  });
});

class Cart {
  constructor(public items: number) {}
}

class Carts extends KeyedProcessFunction<number, number, number> {
  override processElement(n: number, _context: unknown, out: Collector<number>): void {
    const state = this.getRuntimeContext().getState(new ValueStateDescriptor<Cart>('cart'));
    const cart = state.value() ?? new Cart(0);
    cart.items += n;
    state.update(cart);
    out.collect(cart.items);
  }
}

describe('a class that was changed', () => {
  const carts =
    (to: number): Build =>
    (env, out) =>
      void env
        .fromSequence(1, to)
        .keyBy(() => 0)
        .process(new Carts())
        .uid('carts')
        .forEach(out);

  test.each([
    [
      'no migrate hook',
      { version: 2 },
      /the state of `carts` .*: class Cart: the snapshot has version 1, registered is 2/,
    ],
    [
      'a migrate hook that throws',
      {
        version: 2,
        migrate: () => {
          throw new Error('no idea');
        },
      },
      /the state of `carts` .*: class Cart: its migrate hook failed on an instance of version 1: no idea/,
    ],
    ['an older version', { version: 0 }, /the snapshot has version 1, registered is 0/],
  ])('%s: named with its operator, and not tried again', async (_what, options, message) => {
    serialisable(Cart, { name: 'Cart' });
    expect(await run(carts(2))).toEqual([1, 3]);
    serialisable(Cart, { name: 'Cart', ...(options as { version: number }) });
    await expect(run(carts(3), latest)).rejects.toThrow(message);
    expect(warned).toEqual([]);
  });
});

/** Operator state in a list and in broadcast state. */
class Lists extends ProcessFunction<number, string> implements CheckpointedFunction {
  private list!: OperatorListState<number>;
  private rules!: { put(key: string, value: number): void; entries(): [string, number][] };
  constructor(
    private readonly version: number,
    private readonly union: boolean,
  ) {
    super();
  }
  initializeState(context: FunctionInitializationContext): void {
    const migrate = (old: unknown, from: number): number => (old as number) * 10 + from;
    const store = context.getOperatorStateStore();
    const list = new ListStateDescriptor<number>('list').withVersion(this.version, migrate);
    this.list = this.union ? store.getUnionListState(list) : store.getListState(list);
    const rules = new MapStateDescriptor<string, number>('rules').withVersion(this.version, migrate);
    this.rules = store.getBroadcastState(rules);
  }
  snapshotState(): void {}
  override processElement(n: number, _context: ProcessContext, out: Collector<string>): void {
    this.list.add(n);
    this.rules.put('last', n);
    if (n % 2 === 0) this.rules.put('even', n);
    out.collect(`${this.list.get().join('+')} ${JSON.stringify(this.rules.entries())}`);
  }
}

describe.each([false, true])('operator state of an older version (union: %s)', (union) => {
  const lists =
    (to: number, version: number): Build =>
    (env, out) =>
      void env
        .fromSequence(1, to)
        .setParallelism(1)
        .process(new Lists(version, union))
        .setParallelism(1)
        .uid('lists')
        .forEach(out);

  test('goes through the migrate hook, once, and never back', async () => {
    expect((await run(lists(2, 1))).at(-1)).toBe('1+2 [["last",2],["even",2]]');
    expect(await run(lists(3, 4), latest)).toEqual(['11+21+3 [["last",3],["even",21]]']);
    expect(await run(lists(4, 4), latest)).toEqual(['11+21+3+4 [["last",4],["even",4]]']);
    await expect(run(lists(5, 1), latest)).rejects.toThrow(/has version 4 of state `list`, the program 1/);
  });

  test('is not asked for as the other kind of list', async () => {
    await run(lists(2, 1));
    const other: Build = (env, out) =>
      void env.fromSequence(1, 3).process(new Lists(1, !union)).uid('lists').forEach(out);
    await expect(run(other, latest)).rejects.toThrow(/operator state `list` is .* and is asked for as/);
  });
});

test.each([
  ['value', (context: RuntimeContext) => context.getState(new ValueStateDescriptor('s')).update({ callback: () => 1 })],
  ['list', (context: RuntimeContext) => context.getListState(new ListStateDescriptor('s')).add({ callback: () => 1 })],
  [
    'map',
    (context: RuntimeContext) => context.getMapState(new MapStateDescriptor('s')).put('k', { callback: () => 1 }),
  ],
])('a %s state that cannot be kept is refused where it is put there, by its own path', async (_kind, put) => {
  class Bad extends KeyedProcessFunction<number, number, number> {
    override processElement(): void {
      put(this.getRuntimeContext());
    }
  }
  const build: Build = (env, out) =>
    void env
      .fromElements(1)
      .keyBy((n) => n)
      .process(new Bad())
      .forEach(out);
  await expect(run(build)).rejects.toThrow(
    /state `s`: value \.callback is a function and cannot be kept in a snapshot\n {2}at .*changed-program\.test\.ts/,
  );
});

test('operator state that cannot be kept is refused when it is put there', async () => {
  const build: Build = (env, out) => {
    class Bad extends Lists {
      override processElement(): void {
        (this as unknown as { list: { add(value: unknown): void } }).list.add({ callback: () => 1 });
      }
    }
    env.fromElements(1).process(new Bad(1, false)).forEach(out);
  };
  await expect(run(build)).rejects.toThrow(/operator state `list`: value \.callback is a function/);
});
