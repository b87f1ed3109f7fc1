import { describe, expect, it } from 'vitest';
import { Inbox } from '../../../src/kafka/sending/inbox.js';

async function drain<T>(inbox: Inbox<T>): Promise<T[]> {
  const result: T[] = [];
  while (await inbox.more()) for (let item = inbox.take(); item !== undefined; item = inbox.take()) result.push(item);
  return result;
}

describe('Inbox', () => {
  it('hands over everything in order, from either kind of source', async () => {
    const numbers = Array.from({ length: 5_000 }, (_, i) => i + 1);
    async function* slowly() {
      for (const n of numbers) {
        if (n % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
        yield n;
      }
    }
    expect(await drain(new Inbox(numbers, () => 1, 100, 100))).toEqual(numbers);
    expect(await drain(new Inbox(slowly(), () => 1, 100, 100))).toEqual(numbers);
  });

  it('draws no further ahead than allowed, in items and in size', async () => {
    let drawn = 0;
    function* source() {
      for (;;) yield ++drawn;
    }
    const byItems = new Inbox(source(), () => 1, 1_000, 10);
    await byItems.more();
    await new Promise((resolve) => setImmediate(resolve));
    expect(drawn).toBe(10);
    byItems.take();
    await new Promise((resolve) => setImmediate(resolve));
    expect(drawn).toBe(11);
    byItems.stop();
    drawn = 0;
    const bySize = new Inbox(source(), () => 300, 1_000, 10);
    await bySize.more();
    await new Promise((resolve) => setImmediate(resolve));
    expect(drawn).toBe(4);
    bySize.stop();
  });

  it('hands over what came before an error, then the error', async () => {
    async function* source() {
      yield 1;
      throw new Error('broken');
    }
    const inbox = new Inbox(source(), () => 1, 10, 10);
    expect(await inbox.more()).toBe(true);
    expect(inbox.take()).toBe(1);
    await expect(inbox.more()).rejects.toThrow('broken');
  });

  it('ends the source when it is stopped', async () => {
    let ended = false;
    async function* source() {
      try {
        for (;;) {
          await new Promise((resolve) => setImmediate(resolve));
          yield 1;
        }
      } finally {
        ended = true;
      }
    }
    const inbox = new Inbox(source(), () => 1, 10, 10);
    await inbox.more();
    inbox.take();
    inbox.stop();
    while (inbox.take() !== undefined);
    expect(await inbox.more()).toBe(false);
    while (!ended) await new Promise((resolve) => setImmediate(resolve));
  });
});
