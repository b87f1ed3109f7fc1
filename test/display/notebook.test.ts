import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MimeBundle } from '../../src/core/display.js';
import { flushAll } from '../../src/core/flush.js';
import { type CellHandle, setKernelHook } from '../../src/core/kernel.js';
import { open } from '../../src/display/open.js';

interface Written {
  readonly text: string;
  readonly id: string;
  readonly update: boolean;
}

function fakeCell(id: number): CellHandle & { readonly written: Written[] } {
  const written: Written[] = [];
  return {
    id,
    written,
    write: (bundle, displayId, update) => written.push({ text: bundle['text/plain'], id: displayId, update }),
  };
}

const text = (value: string | number): MimeBundle => ({ 'text/plain': String(value) });
let cell = fakeCell(1);

beforeEach(() => {
  vi.useFakeTimers();
  cell = fakeCell(1);
  setKernelHook({ currentCell: () => cell });
});
afterEach(() => {
  setKernelHook(undefined);
  vi.useRealTimers();
});

test('the first goes out at once; of many only the latest, ten times a second', () => {
  const slot = open(text('start'));
  for (let i = 0; i < 1000; i++) {
    slot.update(text(i));
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(1000);
  expect(cell.written[0]).toMatchObject({ text: 'start', update: false });
  expect(cell.written.length).toBeGreaterThan(5);
  expect(cell.written.length).toBeLessThanOrEqual(12);
  expect(cell.written.at(-1)).toMatchObject({ text: '999', update: true });
  expect(new Set(cell.written.map((one) => one.id)).size).toBe(1);
});

test('the last one does not wait', () => {
  const slot = open(text('start'));
  slot.update(text('held back'));
  slot.update(text('end'), true);
  expect(cell.written.map((one) => one.text)).toEqual(['start', 'end']);
  vi.advanceTimersByTime(1000);
  expect(cell.written).toHaveLength(2);
});

test('what is held back is written when the cell ends', () => {
  const slot = open(text('start'));
  slot.update(text('state'));
  expect(cell.written).toHaveLength(1);
  flushAll();
  expect(cell.written.map((one) => one.text)).toEqual(['start', 'state']);
  flushAll();
  vi.advanceTimersByTime(1000);
  expect(cell.written).toHaveLength(2);
});

test('a slot keeps to its own cell when later cells run', () => {
  const first = cell;
  const slot = open(text('first'));
  cell = fakeCell(2);
  const other = open(text('second'));
  slot.update(text('first, later'), true);
  other.update(text('second, later'), true);
  expect(first.written.map((one) => one.text)).toEqual(['first', 'first, later']);
  expect(cell.written.map((one) => one.text)).toEqual(['second', 'second, later']);
  expect(first.written[0]?.id).not.toBe(cell.written[0]?.id);
});
