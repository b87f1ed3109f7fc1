import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ProgressState, setDisplayPort } from '../../src/core/display.js';
import { setKernelHook } from '../../src/core/kernel.js';
import { LateProgress } from '../../src/core/late-progress.js';

let states: ProgressState[] = [];
let opened = 0;

beforeEach(() => {
  vi.useFakeTimers();
  states = [];
  opened = 0;
  setDisplayPort({
    open: () => {
      opened++;
      return { update: () => {} };
    },
    table: () => ({ 'text/plain': '' }),
    progress: (state) => {
      states.push(state);
      return { 'text/plain': '' };
    },
  });
  setKernelHook({ currentCell: () => undefined });
});
afterEach(() => {
  vi.useRealTimers();
  setDisplayPort(undefined);
  setKernelHook(undefined);
});

test('what is quick leaves nothing behind', () => {
  const progress = new LateProgress('Fetching', 'bytes', 100);
  progress.update(50);
  vi.advanceTimersByTime(900);
  progress.update(100);
  progress.end();
  expect(opened).toBe(0);
});

test('what takes a second is one output that says how it ended', () => {
  const progress = new LateProgress('Fetching', 'bytes', 100);
  vi.advanceTimersByTime(1000);
  progress.update(50);
  vi.advanceTimersByTime(500);
  progress.update(60);
  progress.end('failed');
  expect(opened).toBe(1);
  expect(states.map(({ done, total, elapsedMs, state }) => [done, total, elapsedMs, state])).toEqual([
    [50, 100, 1000, 'running'],
    [60, 100, 1500, 'running'],
    [60, 100, 1500, 'failed'],
  ]);
});

test('where nobody watches nothing is drawn', () => {
  setKernelHook(undefined);
  const { isTTY } = process.stdout;
  process.stdout.isTTY = false;
  try {
    const progress = new LateProgress('Fetching', 'bytes');
    vi.advanceTimersByTime(2000);
    progress.update(50);
    progress.end();
    expect(opened).toBe(0);
  } finally {
    process.stdout.isTTY = isTTY;
  }
});
