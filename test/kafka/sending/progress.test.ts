import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DisplayPort, type MimeBundle, type ProgressState, setDisplayPort } from '../../../src/core/display.js';
import { setKernelHook } from '../../../src/core/kernel.js';
import { ProgressView } from '../../../src/kafka/sending/progress.js';

let shown: string[][];
const port: DisplayPort = {
  open(bundle: MimeBundle) {
    const slot = [bundle['text/plain']];
    shown.push(slot);
    return { update: (next) => void slot.push(next['text/plain']) };
  },
  table: () => ({ 'text/plain': '' }),
  progress: (state: ProgressState) => ({ 'text/plain': 'bar', 'text/html': state.label }),
};

beforeEach(() => {
  shown = [];
  setDisplayPort(port);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  setDisplayPort(undefined);
  setKernelHook(undefined);
  vi.useRealTimers();
});

const state = (text: string) => () => ({
  label: 'Sending',
  done: 0,
  unit: 'bytes',
  elapsedMs: 0,
  state: 'running' as const,
  text,
});

describe('ProgressView', () => {
  it('shows ten updates a second in a notebook, and always the last', () => {
    setKernelHook({ currentCell: () => undefined });
    const view = new ProgressView(true, false);
    expect(shown).toEqual([['']]);
    for (let ms = 0; ms < 1_000; ms++) {
      view.update(state(`at ${ms}`));
      vi.advanceTimersByTime(1);
    }
    expect(shown[0]!.length).toBeGreaterThanOrEqual(10);
    expect(shown[0]!.length).toBeLessThanOrEqual(12);
    view.update(state('the end'));
    view.flush();
    expect(shown[0]!.at(-1)).toBe('the end');
    const count = shown[0]!.length;
    vi.advanceTimersByTime(5_000);
    expect(shown[0]!.length).toBe(count);
  });

  it('prints a line a second in a terminal, and none before something happens', () => {
    const view = new ProgressView(true, false);
    expect(shown).toEqual([]);
    for (let i = 0; i < 3_000; i++) {
      view.update(state(`at ${i}`));
      vi.advanceTimersByTime(1);
    }
    expect(shown[0]!.length).toBeGreaterThanOrEqual(3);
    expect(shown[0]!.length).toBeLessThanOrEqual(4);
  });

  it('shows each update of a slow sending', () => {
    const view = new ProgressView(true, true);
    for (let i = 0; i < 5; i++) view.update(state(`at ${i}`));
    expect(shown[0]).toEqual(['at 0', 'at 1', 'at 2', 'at 3', 'at 4']);
  });

  it('is silent when told so', () => {
    const view = new ProgressView(false, true);
    view.update(state('x'));
    view.flush();
    expect(shown).toEqual([]);
  });
});
