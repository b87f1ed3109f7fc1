import { desc, op } from 'arquero';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FrameColumns } from '../../src/core/frames.js';
import { classOfRow } from '../../src/core/rows/index.js';
import { makeArquero, readArquero } from '../../src/frames/arquero.js';
import { makeDanfo, readDanfo } from '../../src/frames/danfo.js';
import { ofRows } from '../../src/frames/gather.js';
import { type Sample, samples } from './values.js';

/** `FRAMES_CASES=100000`: as many cases of each property. */
const numRuns = Number(process.env.FRAMES_CASES ?? 150);

function back({ schema, columns, rowCount }: FrameColumns): unknown {
  return {
    schema: String(schema),
    rows: Array.from({ length: rowCount }, (_, i) => columns.map((column) => column[i])),
  };
}

function before({ schema, rows }: Sample): unknown {
  return { schema: String(schema), rows: rows.map((row) => classOfRow(row)?.values(row as never)) };
}

test('what goes into an arquero table comes back, with its types', async () => {
  await fc.assert(
    fc.asyncProperty(
      samples(true),
      fc.constantFrom('bigint' as const, 'string' as const),
      fc.constantFrom('date' as const, 'timestamp' as const, 'string' as const),
      async (sample, bigint, timestamp) => {
        const frame = await makeArquero(ofRows(sample.schema, sample.rows), { bigint, timestamp });
        expect(back(readArquero(frame, undefined))).toEqual(before(sample));
      },
    ),
    { numRuns },
  );
});

test('filtered and sorted columns keep their types', async () => {
  await fc.assert(
    fc.asyncProperty(samples(true), async (sample) => {
      const frame = await makeArquero(ofRows(sample.schema, sample.rows), { bigint: 'bigint' });
      const shown = frame.derive({ k: op.row_number() }).filter('d => d.k > 1').orderby(desc('k')).select('c0');
      const rows = sample.rows.slice(1).reverse();
      const wanted = before({ schema: sample.schema, rows }) as { rows: unknown[][] };
      expect(back(readArquero(shown, undefined))).toEqual({
        schema: String(sample.schema.project(['c0'])),
        rows: wanted.rows.map(([first]) => [first]),
      });
    }),
    { numRuns },
  );
});

test('what goes into a danfojs frame comes back, with its types', () => {
  fc.assert(
    fc.property(
      samples(false),
      fc.constantFrom('bigint' as const, 'string' as const),
      fc.constantFrom('date' as const, 'string' as const),
      (sample, bigint, timestamp) => {
        const frame = makeDanfo(ofRows(sample.schema, sample.rows), { bigint, timestamp });
        expect(back(readDanfo(frame, undefined))).toEqual(before(sample));
      },
    ),
    { numRuns },
  );
});
