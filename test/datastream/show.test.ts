import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type MimeBundle, setDisplayPort, type TableData, type TableLayout } from '../../src/core/display.js';
import { stopRunning } from '../../src/core/running.js';
import { streamEnv } from '../../src/datastream/index.js';

/** A display that keeps what is shown. */
function watched() {
  const tables: { data: TableData; status: string | undefined; fixedRows: number | undefined }[] = [];
  const outputs: { updates: number; last: boolean }[] = [];
  setDisplayPort({
    open: () => {
      const output = { updates: 0, last: false };
      outputs.push(output);
      return {
        update: (_bundle: MimeBundle, last = false) => {
          output.updates++;
          output.last = last;
        },
      };
    },
    table: (data: TableData, layout?: TableLayout) => {
      tables.push({ data, status: layout?.status, fixedRows: layout?.fixedRows });
      return { 'text/plain': '' };
    },
    progress: () => ({ 'text/plain': '' }),
  });
  return { tables, outputs };
}

afterEach(() => setDisplayPort(undefined));

describe('showing a stream', () => {
  it('keeps one table of the latest per key, sorted, and ends with its last state', async () => {
    const { tables, outputs } = watched();
    const env = streamEnv();
    await env
      .fromElements(...'a b a c a b'.split(' '))
      .map((word) => ({ word, n: 1 }))
      .keyBy((w) => w.word)
      .sum('n')
      .show({ top: 2, by: 'n' });
    expect(outputs).toHaveLength(1);
    expect(outputs[0]?.last).toBe(true);
    const last = tables.at(-1);
    expect(last?.data.columns.map((column) => column.name)).toEqual(['word', 'n']);
    expect(last?.data.rows).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect(last?.status).toBe('3 keys, 6 records, finished');
  });

  it('has one height while it changes, and is at last as high as what it holds', async () => {
    const { tables } = watched();
    await streamEnv().fromElements(1, 2, 3).show({ top: 7 });
    expect(tables[0]?.fixedRows).toBe(7);
    expect(tables.at(-1)?.fixedRows).toBe(3);
  });

  it('shows the last elements of a stream without keys', async () => {
    const { tables } = watched();
    await streamEnv().fromSequence(1, 1000).show({ top: 3 });
    expect(tables.at(-1)?.data.rows).toEqual([[998], [999], [1000]]);
  });

  it('ends when the cell is interrupted, with what it has', async () => {
    const { tables } = watched();
    const env = streamEnv();
    const endless = env.fromCollection(function* () {
      for (let i = 0; ; i++) yield i;
    });
    const shown = endless.show();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await stopRunning()).toEqual(['job `Show`']);
    await shown;
    expect(tables.at(-1)?.status).toMatch(/records, cancelled$/);
  });

  it('says that it failed, and throws', async () => {
    const { tables } = watched();
    const stream = streamEnv()
      .fromElements(1)
      .map(() => {
        throw new Error('broken');
      });
    await expect(stream.show()).rejects.toThrow(/broken/);
    expect(tables.at(-1)?.status).toBe('0 records, failed');
  });
});

it('a stream itself shows that nothing runs', () => {
  const env = streamEnv();
  const words = env.fromElements('a').map((word) => word);
  expect(inspect(words)).toBe(
    'DataStream (Map): nothing runs until execute(), executeAndCollect(), show() or for await',
  );
  expect(inspect(words.keyBy((word) => word))).toMatch(/^KeyedStream \(Map\): nothing runs/);
});
