import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineDecoder } from '../../../src/connectors/file/lines.js';
import { fileSource } from '../../../src/connectors/file/source.js';
import type { Clock } from '../../../src/core/clock.js';
import { END_OF_INPUT, type Source, type SourceReader } from '../../../src/engine/source.js';

/** A clock that stands still: what is scheduled happens when it is told to. */
function stillClock() {
  let due: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    schedule: (_at: number, action: () => void) => {
      due.push(action);
      return () => {
        due = due.filter((one) => one !== action);
      };
    },
  } as Clock;
  return {
    clock,
    tick: () => {
      for (const action of due.splice(0)) action();
    },
  };
}

/** Reads until nothing is under way any more, or `most` batches came. */
async function drain(reader: SourceReader<string>, most: number, into: string[]): Promise<void> {
  for (let batches = 0, quiet = 0; batches < most && quiet < 3; ) {
    const batch = reader.poll();
    if (batch === END_OF_INPUT) throw new Error('a watched folder has no end');
    if (batch !== undefined && batch.values.length > 0) {
      into.push(...batch.values);
      batches++;
      quiet = 0;
    } else {
      quiet = reader.busy === true ? 0 : quiet + 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const stage = fc.record({
  files: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
  parallelism: fc.integer({ min: 1, max: 3 }),
  batches: fc.integer({ min: 0, max: 4 }),
  look: fc.boolean(),
});

test('however a watched folder fills, and whenever the job starts again with other subtasks, each line comes once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stage, { minLength: 1, maxLength: 5 }), async (stages) => {
      const folder = mkdtempSync(join(tmpdir(), 'streambook-watch-'));
      try {
        const list = (): string[] => readdirSync(folder).map((name) => join(folder, name));
        const expected: string[] = [];
        const got: string[] = [];
        let positions: readonly unknown[] | undefined;
        const write = (sizes: readonly number[], at: number): void => {
          for (const [i, size] of sizes.entries()) {
            const lines = Array.from({ length: size }, (_, n) => `${at}/${i}/${n}`);
            expected.push(...lines);
            writeFileSync(join(folder, `f${at}-${i}`), lines.map((line) => `${line}\n`).join(''));
          }
        };
        const run = async (parallelism: number, most: number, later: () => void): Promise<void> => {
          const source: Source<string> = fileSource('watched', list(), (_file, resume) => new LineDecoder(resume), {
            watch: { intervalMs: 1, list },
          });
          const restored = positions && source.redistribute?.(positions, parallelism);
          const { clock, tick } = stillClock();
          const readers = Array.from({ length: parallelism }, (_, subtask) =>
            source.createReader({
              clock,
              subtask,
              parallelism,
              wake: () => undefined,
              fail: (error) => {
                throw error;
              },
              restored: restored?.[subtask],
            }),
          );
          for (const reader of readers) await reader.open?.();
          later();
          tick();
          for (const reader of readers) await drain(reader, most, got);
          positions = JSON.parse(JSON.stringify(readers.map((reader) => reader.position()))) as unknown[];
          for (const reader of readers) await reader.close?.();
        };
        for (const [at, { files, parallelism, batches, look }] of stages.entries()) {
          if (!look) write(files, at);
          await run(parallelism, batches, () => (look ? write(files, at) : undefined));
        }
        await run(1, Number.POSITIVE_INFINITY, () => undefined);
        expect(got.sort()).toEqual(expected.sort());
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 60 },
  );
});
