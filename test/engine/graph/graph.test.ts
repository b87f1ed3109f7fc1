import { describe, expect, it } from 'vitest';
import { streamEnv } from '../../../src/datastream/index.js';

describe('two operators with one uid', () => {
  it('are refused, with their names and the line', async () => {
    const env = streamEnv();
    env
      .fromElements(1)
      .map((x) => x)
      .name('first')
      .uid('same')
      .filter(() => true)
      .name('second')
      .uid('same')
      .print();
    await expect(env.execute()).rejects.toThrow(
      /duplicate-uid\] first and second have the same uid `same`\n {2}at .*graph\.test\.ts:\d+:\d+\n {2}hint:/,
    );
  });

  it('are not, where it is the same operator on two ways', async () => {
    const env = streamEnv();
    const ones = env
      .fromElements(1)
      .map((x) => x)
      .uid('ones');
    expect(await ones.union(ones.filter(() => true).uid('kept')).executeAndCollect()).toEqual([1, 1]);
  });
});
