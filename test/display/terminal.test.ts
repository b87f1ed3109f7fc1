import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TerminalSlot } from '../../src/display/terminal.js';

class Screen {
  output = '';
  bytesWritten = 0;
  constructor(
    readonly isTTY: boolean,
    readonly columns = 40,
    readonly rows = 10,
  ) {}
  write(text: string): void {
    this.output += text;
    this.bytesWritten += Buffer.byteLength(text);
  }
  /** What is seen after all control sequences: lines, of which those that were cleared are gone. */
  seen(): string[] {
    const lines: string[] = [''];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the control sequences of a terminal
    for (const token of this.output.split(/(\n|\u001b\[\d*[AJ]|\r)/)) {
      const up = /\[(\d+)A$/.exec(token);
      if (token === '\n') lines.push('');
      else if (up !== null) {
        for (let i = Number(up[1]); i > 0; i--) {
          lines.pop();
          // a line that was wrapped takes several rows of the screen
          i -= Math.max(0, Math.ceil((lines.at(-1)?.length ?? 0) / this.columns) - 1);
        }
        lines[lines.length - 1] = '';
      } else if (!token.startsWith('\u001b') && token !== '\r') lines[lines.length - 1] += token;
    }
    return lines.slice(0, -1);
  }
}

const text = (value: string) => ({ 'text/plain': value });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('in a terminal the output is redrawn in place', () => {
  const screen = new Screen(true);
  screen.write('before\n');
  const slot = new TerminalSlot(screen, text('one\ntwo'));
  for (let i = 0; i < 50; i++) {
    slot.update(text(`state ${i}\nsecond line`));
    vi.advanceTimersByTime(20);
  }
  slot.update(text('the end'), true);
  expect(screen.seen()).toEqual(['before', 'the end']);
  expect(screen.output.split('\u001b[J').length - 1).toBeLessThanOrEqual(12);
});

test('wrapped lines are counted as the rows they take', () => {
  const screen = new Screen(true, 10);
  screen.write('before\n');
  const slot = new TerminalSlot(screen, text('x'.repeat(25)));
  slot.update(text('short'), true);
  expect(screen.seen()).toEqual(['before', 'short']);
});

test('what others print is never overwritten', () => {
  const screen = new Screen(true);
  const slot = new TerminalSlot(screen, text('one'));
  screen.write('from elsewhere\n');
  slot.update(text('two'), true);
  expect(screen.seen()).toEqual(['one', 'from elsewhere', 'two']);
});

test('a view taller than the terminal is cropped while it changes, and whole at the end', () => {
  const screen = new Screen(true, 40, 5);
  const tall = Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n');
  const slot = new TerminalSlot(screen, text('start'));
  vi.advanceTimersByTime(200);
  slot.update(text(tall));
  expect(screen.seen()).toHaveLength(4);
  slot.update(text(tall), true);
  expect(screen.seen()).toHaveLength(20);
});

test('in a pipe, new lines come every few seconds, and the last always', () => {
  const screen = new Screen(false);
  const slot = new TerminalSlot(screen, text('start'));
  for (let i = 0; i < 2000; i++) {
    slot.update(text(`state ${i}`));
    vi.advanceTimersByTime(10);
  }
  slot.update(text('end'), true);
  const lines = screen.output.trimEnd().split('\n');
  expect(lines[0]).toBe('start');
  expect(lines.at(-1)).toBe('end');
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.length).toBeLessThan(8);
  expect(screen.output).not.toContain('\u001b');
});

test('what waits is written when the process ends, once', () => {
  const screen = new Screen(false);
  const slot = new TerminalSlot(screen, text('start'));
  const before = process.listeners('exit');
  slot.update(text('state'));
  const added = process.listeners('exit').filter((listener) => !before.includes(listener));
  expect(added).toHaveLength(1);
  added[0]?.(0);
  expect(screen.output).toBe('start\nstate\n');
  expect(process.listeners('exit')).toEqual(before);
});

test('only the newest output is redrawn in place', () => {
  const screen = new Screen(true);
  const older = new TerminalSlot(screen, text('older'));
  const newer = new TerminalSlot(screen, text('newer'));
  newer.update(text('newer, changed'), true);
  older.update(text('older, changed'), true);
  expect(screen.seen()).toEqual(['older', 'newer, changed', 'older, changed']);
});
