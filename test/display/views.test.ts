import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { virtualClock } from '../../src/core/clock.js';
import type { MimeBundle } from '../../src/core/display.js';
import { flushAll } from '../../src/core/flush.js';
import { setKernelHook } from '../../src/core/kernel.js';
import { streamEnv } from '../../src/datastream/index.js';
import { follow } from '../../src/display/follow.js';
import { alerts, beep, show } from '../../src/display/index.js';
import { KeyedProcessFunction } from '../../src/engine/functions/process-function.js';
import { ValueStateDescriptor } from '../../src/engine/state/descriptors.js';
import type { TopicDescription } from '../../src/kafka/topics.js';
import { tagsOf, textOf } from './html.js';

let shown: MimeBundle[] = [];

beforeEach(() => {
  shown = [];
  const cell = {
    id: 1,
    write: (bundle: MimeBundle) => {
      shown.push(bundle);
    },
  };
  setKernelHook({ currentCell: () => cell });
});
afterEach(() => {
  // What is still held back belongs to this test, not to the next one.
  flushAll();
  setKernelHook(undefined);
  vi.useRealTimers();
});

const plain = (): string => String(shown.at(-1)?.['text/plain']);
const html = (): string => String(shown.at(-1)?.['text/html']);

describe('the state of an operator', () => {
  test('is a table per state, and one of timers', async () => {
    class Counter extends KeyedProcessFunction<string, string, never> {
      override processElement(
        _: string,
        context: Parameters<KeyedProcessFunction<string, string, never>['processElement']>[1],
      ): void {
        context.timerService().registerProcessingTimeTimer(5000);
        this.getRuntimeContext().getState(new ValueStateDescriptor<number>('n')).update(1);
      }
    }
    const env = streamEnv({ clock: virtualClock() });
    env
      .fromCollection(async function* () {
        yield* ['<b>', 'b'];
        await new Promise(() => {});
      })
      .keyBy((x) => x)
      .process(new Counter() as never)
      .name('counter')
      .forEach(() => {});
    const job = await env.executeAsync();
    await vi.waitUntil(() => job.metrics().operators.some((one) => one.timers === 2));
    show(job.state('counter'));
    await job.cancel();
    expect(plain()).toContain('state n (value) of counter: 2 entries');
    expect(plain()).toMatch(/2 timers[\s\S]*<b>.*5000.*processing time/);
    expect(html()).not.toContain('<b>');
  });
});

describe('a topic', () => {
  const topic: TopicDescription = {
    name: '<i>novel</i>',
    partitions: [
      { partition: 0, first: 0, next: 100, messages: 100, leader: 1, replicas: [1] },
      { partition: 1, first: 40, next: 60, messages: 20, leader: 2, replicas: [2] },
    ],
    config: { 'cleanup.policy': 'delete' },
    groups: [
      { group: '<u>g</u>', topic: '<i>novel</i>', partition: 0, committed: 75, next: 100, lag: 25 },
      { group: 'other', topic: '<i>novel</i>', partition: 0, committed: 100, next: 100, lag: 0 },
    ],
  };

  test('shows partitions, offsets, groups and lag', () => {
    show(topic);
    expect(textOf(html())).toContain('<i>novel</i> 2 partitions, 120 messages, 2 groups, 25 behind');
    expect(textOf(html())).toContain('<u>g</u>  at 75, is 25 behind');
    expect(html()).toContain('width:75.00%');
    expect(html()).toContain('width:calc(20.00% * .45)');
    expect(new Set(tagsOf(html()).map((tag) => tag.name))).toEqual(new Set(['div', 'span', 'strong']));
    expect(plain().split('\n')[0]).toBe('<i>novel</i>: 2 partitions, 120 messages, 2 groups, 25 behind');
    expect(plain()).toMatch(/0 +1 +0 +100 +100 +<u>g<\/u> +75 +25/);
  });

  test('of many partitions and groups the first are drawn and the rest counted; an empty one is none', () => {
    const [one] = topic.partitions;
    const [reader] = topic.groups;
    const many = Array.from({ length: 200 }, (_, partition) => ({ ...one!, partition }));
    const groups = Array.from({ length: 30 }, (_, i) => ({ ...reader!, group: `g${i}` }));
    show({ ...topic, partitions: many, groups });
    expect(textOf(html())).toContain('150 more partitions');
    expect(textOf(html())).toContain('22 more groups');
    show({
      ...topic,
      partitions: [{ ...one!, first: 5, next: 5, messages: 0 }],
      groups: [{ ...reader!, committed: 5, lag: 0 }],
    });
    expect(html()).not.toContain('NaN');
  });

  test('several stand below each other in one scale, as text with their names', () => {
    const small = { ...topic, name: 'small', partitions: [{ ...topic.partitions[1]!, messages: 50 }], groups: [] };
    show({ broker: '127.0.0.1:9092 (<b>)', topics: [topic, small] });
    expect(textOf(html())).toContain('2 topics at 127.0.0.1:9092 (<b>)');
    expect(textOf(html())).toContain('small 1 partition, 50 messages');
    expect(html()).toContain('width:calc(50.00% * .45)');
    expect(new Set(tagsOf(html()).map((tag) => tag.name))).toEqual(new Set(['div', 'span', 'strong']));
    expect(plain()).toMatch(/<i>novel<\/i> +0 +0 +100 +100 +<u>g<\/u> +75 +25/);
    expect(plain()).toMatch(/small +1 +40 +60 +50$/m);
  });

  test('of very many topics the first are drawn and the rest counted; of none there is none', () => {
    show({ broker: 'b', topics: Array.from({ length: 1000 }, (_, i) => ({ ...topic, name: `topic ${i}` })) });
    expect(textOf(html())).toContain('960 more topics');
    show({ broker: 'b', topics: [] });
    expect(textOf(html())).toContain('0 topics at b');
    expect(plain()).toContain('no rows');
  });
});

describe('alerts', () => {
  test('are counted, listed newest first, in one card of one height, as text', () => {
    const alarm = alerts('Big <b>ones</b>', { top: 3, sound: false });
    for (let i = 0; i < 1000; i++) alarm({ i, text: '<script>alert(1)</script>' });
    expect(alarm.count).toBe(1000);
    const first = html();
    expect(textOf(first)).toContain('Big <b>ones</b> ');
    expect(new Set(tagsOf(first).map((tag) => tag.name))).toEqual(new Set(['div', 'span', 'strong']));
    // At most ten updates a second: of a thousand alerts, the first ones and then the last one.
    expect(shown.length).toBeLessThan(50);
    expect(new Set(shown.map((bundle) => String(bundle['text/html']).match(/height:1\.5em/g)?.length)).size).toBe(1);
  });

  test('sound once a second at most, and the card that stays has none', async () => {
    vi.useFakeTimers();
    const alarm = alerts('Sounds');
    alarm('one');
    await vi.advanceTimersByTimeAsync(150);
    expect(html()).toContain('<audio autoplay="" src="data:audio/wav;base64,UklGR');
    await vi.advanceTimersByTimeAsync(600);
    expect(html()).not.toContain('<audio');
    alarm('two');
    await vi.advanceTimersByTimeAsync(150);
    expect(html()).not.toContain('<audio');
    expect(textOf(html())).toMatch(/Sounds 2.*two.*one/);
    await vi.advanceTimersByTimeAsync(400);
    alarm('three');
    await vi.advanceTimersByTimeAsync(150);
    expect(html()).toContain('<audio');
    await vi.advanceTimersByTimeAsync(1000);
    expect(html()).not.toContain('<audio');
  });

  test('beep has a card per cell', async () => {
    vi.useFakeTimers();
    beep('first');
    beep();
    await vi.advanceTimersByTimeAsync(2000);
    expect(plain()).toMatch(/^Alerts: 2\n/);
    const other: MimeBundle[] = [];
    const cell = { id: 2, write: (bundle: MimeBundle) => void other.push(bundle) };
    setKernelHook({ currentCell: () => cell });
    beep('elsewhere');
    await vi.advanceTimersByTimeAsync(2000);
    expect(String(other.at(-1)?.['text/plain'])).toMatch(/^Alerts: 1\n.*elsewhere$/);
    expect(() => alerts('x', { top: 0 })).toThrow(/top is 0/);
  });
});

describe('following a sequence', () => {
  async function* count(n: number): AsyncGenerator<number> {
    for (let i = 0; i < n; i++) yield i;
  }

  test('takes all, some, or fails as the sequence does', async () => {
    const seen: number[] = [];
    const take = (n: number): boolean => seen.push(n) < 3;
    expect(await follow('x', count(2), take, () => {}, 10)).toBe('ended');
    expect(await follow('x', count(9), take, () => {}, 10)).toBe('full');
    expect(seen).toEqual([0, 1, 0]);
    const failing = (async function* () {
      yield 1;
      throw new Error('broken');
    })();
    await expect(
      follow(
        'x',
        failing,
        () => true,
        () => {},
        10,
      ),
    ).rejects.toThrow('broken');
  });

  test('a picture that cannot be drawn ends it', async () => {
    let closed = false;
    const endless = (async function* () {
      try {
        for (;;) {
          yield 1;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        closed = true;
      }
    })();
    const redraw = (): void => {
      throw new Error('cannot draw');
    };
    await expect(follow('x', endless, () => true, redraw, 5)).rejects.toThrow('cannot draw');
    await vi.waitUntil(() => closed);
  });
});
