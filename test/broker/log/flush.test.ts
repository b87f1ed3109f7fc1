import { describe, expect, it } from 'vitest';
import { compact } from '../../../src/broker/log/compaction/compact.js';
import { MemoryStorage } from '../../../src/broker/storage/memory.js';
import type { LogFile } from '../../../src/broker/storage/storage.js';
import { Topics } from '../../../src/broker/topics/topics.js';
import { batch, context, one, open } from '../support/logs.js';

/** A storage that writes down what is asked of log files, in which order, and lets each force take as long as it is told. */
class RecordingStorage extends MemoryStorage {
  readonly calls: string[] = [];
  /** Called for each force to the disk; it is done when this resolves. */
  force: () => Promise<void> = () => Promise.resolve();

  override syncFolder(): Promise<void> {
    this.calls.push('name forced');
    return Promise.resolve();
  }

  override rename(from: string, to: string): Promise<void> {
    this.calls.push('rename');
    return super.rename(from, to);
  }

  override file(path: string): LogFile {
    const inner = super.file(path);
    const { calls } = this;
    const storage = this;
    return {
      get size() {
        return inner.size;
      },
      async append(chunks) {
        calls.push(`write ${chunks.length}`);
        await inner.append(chunks);
        calls.push('written');
      },
      async sync() {
        calls.push('force');
        await storage.force();
        calls.push('forced');
      },
      read: (target, position) => inner.read(target, position),
      truncate: (size) => inner.truncate(size),
      close: () => inner.close(),
      async remove() {
        calls.push('remove');
        await inner.remove();
      },
    };
  }
}

async function recorded(flushAlways: boolean, configs: Readonly<Record<string, string>> = {}) {
  const storage = new RecordingStorage();
  const log = await open(storage, configs, { ...context(storage), flushAlways });
  storage.calls.length = 0;
  const append = (name: string) =>
    log.append(one(name)).then(
      () => void storage.calls.push(`answered ${name}`),
      () => void storage.calls.push(`refused ${name}`),
    );
  return { storage, log, append };
}

describe('flush: always', () => {
  it('forces what was written to the disk before it is answered, and before readers see it', async () => {
    const { storage, log, append } = await recorded(true);
    const seen: number[] = [];
    storage.force = async () => void seen.push(log.endOffset);
    await append('a');
    await append('b');
    const each = (name: string) => ['write 1', 'written', 'force', 'forced', `answered ${name}`];
    // A file whose name is not on the disk would be lost with all that is in it.
    expect(storage.calls).toEqual([...each('a').slice(0, -1), 'name forced', 'answered a', ...each('b')]);
    expect(seen).toEqual([0, 1]);
  });

  it('forces once for all that was waiting', async () => {
    const { storage, append } = await recorded(true);
    let open = (): void => {};
    storage.force = () =>
      new Promise((resolve) => {
        open = resolve;
      });
    const first = append('a');
    while (storage.calls.length < 3) await new Promise((resolve) => setImmediate(resolve));
    const others = [append('b'), append('c'), append('d')];
    await new Promise((resolve) => setImmediate(resolve));
    // Nothing happens while the disk is busy: no answer, and no second write that a crash could keep without the first.
    expect(storage.calls).toEqual(['write 1', 'written', 'force']);
    storage.force = () => Promise.resolve();
    open();
    await Promise.all([first, ...others]);
    expect(storage.calls.slice(3)).toEqual([
      'forced',
      'name forced',
      'answered a',
      'write 3',
      'written',
      'force',
      'forced',
      'answered b',
      'answered c',
      'answered d',
    ]);
  });

  it('forces the name of each new segment before the first answer from it', async () => {
    const { storage, log, append } = await recorded(true, { 'segment.bytes': '100' });
    await append('a');
    await append('b');
    expect(log.segments).toHaveLength(2);
    const second = storage.calls.slice(storage.calls.indexOf('answered a') + 1);
    expect(second).toContain('name forced');
    expect(second.indexOf('name forced')).toBeLessThan(second.indexOf('answered b'));
    await log.close();
  });

  it('refuses what could not be forced, and does not show it', async () => {
    const { storage, log, append } = await recorded(true);
    await append('a');
    storage.force = () => Promise.reject(new Error('the disk is gone'));
    await append('b');
    expect(storage.calls.at(-1)).toBe('refused b');
    expect(log.endOffset).toBe(1);
    storage.force = () => Promise.resolve();
    await append('c');
    expect(log.endOffset).toBe(2);
  });
});

describe('flush: os', () => {
  it('answers when the operating system has it, and forces nothing', async () => {
    const { storage, append } = await recorded(false);
    await append('a');
    expect(storage.calls).toEqual(['write 1', 'written', 'answered a']);
  });

  it('forces what a checkpoint vouches for before it is written down', async () => {
    const { storage, log, append } = await recorded(false);
    await append('a');
    const replace = storage.replace.bind(storage);
    storage.replace = (path, data) => {
      if (path.endsWith('checkpoint.json')) storage.calls.push('checkpoint');
      return replace(path, data);
    };
    await log.checkpoint();
    expect(storage.calls.slice(3)).toEqual(['force', 'forced', 'name forced', 'checkpoint']);
  });
});

describe('names', () => {
  it('of a compacted segment is forced before the old ones are removed', async () => {
    const { storage, log } = await recorded(false, { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0' });
    for (const value of ['a', 'b', 'c']) await log.append(batch([{ key: 'k', value }]));
    await log.roll();
    await log.append(batch([{ key: 'k', value: 'd' }]));
    storage.calls.length = 0;
    expect(await compact(log)).toBe(1);
    await log.close();
    const after = storage.calls.slice(storage.calls.indexOf('rename'));
    expect(after.slice(0, 2)).toEqual(['rename', 'name forced']);
    expect(after).toContain('remove');
  });

  it('of new partitions are forced before the topic is written down', async () => {
    const storage = new RecordingStorage();
    const topics = await Topics.open(context(storage), { defaults: {}, topics: [] }, {});
    storage.calls.length = 0;
    const replace = storage.replace.bind(storage);
    storage.replace = (path, data) => {
      storage.calls.push(path);
      return replace(path, data);
    };
    await topics.create('t', 3);
    expect(storage.calls).toEqual(['name forced', 'topics.json']);
    await topics.close();
  });
});
