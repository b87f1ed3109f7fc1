import { afterEach, beforeEach } from 'vitest';
import type { MimeBundle } from '../../src/core/display.js';
import { setKernelHook } from '../../src/core/kernel.js';

/** What is written into a cell, and how many outputs that makes: an update is none of its own. */
export interface TestCell {
  shown: MimeBundle[];
  outputs: number;
}

/** Has each test run in a cell of a kernel, an empty one at the beginning. */
export function inCell(): TestCell {
  const cell: TestCell = { shown: [], outputs: 0 };
  beforeEach(() => {
    cell.shown = [];
    cell.outputs = 0;
    setKernelHook({
      currentCell: () => ({
        id: 1,
        write: (bundle, _id, update) => {
          cell.shown.push(bundle);
          if (!update) cell.outputs++;
        },
      }),
    });
  });
  afterEach(() => setKernelHook(undefined));
  return cell;
}
