import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CellOutput } from '../../src/kernel/output.js';

interface Sent {
  type: string;
  content: { name?: string; text?: string; data?: { 'text/plain': string }; transient?: { display_id?: string } };
}

let sent: Sent[];
let output: CellOutput;
const texts = (): string[] => sent.map(({ content }) => `${content.name ?? ''}:${content.text ?? ''}`);
const shown = (): string[] => sent.map(({ type, content }) => `${type} ${content.data?.['text/plain']}`);
const bundle = (text: string) => ({ 'text/plain': text });

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  output = new CellOutput((type, content) => sent.push({ type, content: content as Sent['content'] }));
});
afterEach(() => {
  vi.useRealTimers();
});

describe('text', () => {
  test('a burst is one message, sent without waiting for the end of the cell', () => {
    for (let i = 0; i < 50_000; i++) output.write('stdout', `${i}\n`);
    expect(sent.length).toBeLessThan(60);
    vi.advanceTimersByTime(40);
    const all = sent.map(({ content }) => content.text).join('');
    expect(all.split('\n')).toHaveLength(50_001);
    expect(all.endsWith('\n49999\n')).toBe(true);
  });

  test('a busy cell that never returns to the event loop still sends, at most every 30 ms', () => {
    let now = 1_000_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    output.write('stdout', 'first\n');
    output.flush();
    for (let i = 0; i < 100; i++) {
      now += 10;
      output.write('stdout', `${i}\n`);
    }
    // All but what was written in the last moments.
    expect(
      sent
        .map(({ content }) => content.text)
        .join('')
        .split('\n').length,
    ).toBeGreaterThan(95);
    vi.restoreAllMocks();
  });

  test('stdout and stderr keep their order', () => {
    output.write('stdout', 'a');
    output.write('stderr', 'b');
    output.write('stdout', 'c');
    output.flush();
    expect(texts()).toEqual(['stdout:a', 'stderr:b', 'stdout:c']);
  });

  test('a wild mix of both does not become a message per line, and nothing is lost', () => {
    for (let i = 0; i < 1000; i++) {
      output.write('stdout', `o${i} `);
      output.write('stderr', `e${i} `);
    }
    output.flush();
    expect(sent.length).toBeLessThanOrEqual(45);
    for (const [name, letter] of [
      ['stdout', 'o'],
      ['stderr', 'e'],
    ]) {
      const all = sent.filter(({ content }) => content.name === name).map(({ content }) => content.text);
      expect(all.join('')).toBe(Array.from({ length: 1000 }, (_each, i) => `${letter}${i} `).join(''));
    }
  });

  test('characters cut in two by chunks or by the size of a message are whole', () => {
    const bytes = Buffer.from('ä€😀');
    for (const byte of bytes) output.write('stdout', Buffer.of(byte));
    for (let i = 0; i < 30; i++) output.write('stdout', '');
    output.write('stdout', `${'x'.repeat(499_999)}${'😀'.repeat(10)}`);
    output.flush();
    expect(sent.at(-1)!.content.text).toBe('😀'.repeat(10));
    for (const { content } of sent) expect(content.text).not.toMatch(/\ufffd|[\ud800-\udbff]$|^[\udc00-\udfff]/);
    expect(sent.map(({ content }) => content.text).join('')).toBe(`ä€😀${'x'.repeat(499_999)}${'😀'.repeat(10)}`);
  });

  test('more than memory should hold is counted, and said', () => {
    const million = 'x'.repeat(1_000_000);
    for (let i = 0; i < 70; i++) {
      vi.setSystemTime(0);
      output.write('stdout', million);
    }
    output.flush();
    const out = sent.filter(({ content }) => content.name === 'stdout').map(({ content }) => content.text!.length);
    const kept = out.reduce((a, b) => a + b);
    const said = sent.at(-1)!.content.text!;
    expect(Number(/(\d+) more characters/.exec(said)![1]) + kept).toBe(70_000_000);
  });
});

describe('displays', () => {
  test('text printed before a display stands before it', () => {
    output.write('stdout', 'before');
    output.show(bundle('chart'), 'id', false);
    expect(sent.map(({ type }) => type)).toEqual(['stream', 'display_data']);
  });

  test('of quick updates the latest is sent, the last never lost', () => {
    output.show(bundle('0'), 'id', false);
    for (let i = 1; i <= 100; i++) {
      output.show(bundle(String(i)), 'id', true);
      vi.advanceTimersByTime(5);
    }
    vi.advanceTimersByTime(100);
    expect(sent.length).toBeLessThan(12);
    expect(shown().at(-1)).toBe('update_display_data 100');
    const count = sent.length;
    vi.advanceTimersByTime(1000);
    expect(sent.length).toBe(count);
  });

  test('two displays do not wait for each other', () => {
    output.show(bundle('a'), 'a', true);
    output.show(bundle('b'), 'b', true);
    expect(shown()).toEqual(['update_display_data a', 'update_display_data b']);
  });

  test('flush sends what waits, once', () => {
    output.show(bundle('1'), 'id', true);
    output.show(bundle('2'), 'id', true);
    output.flush();
    vi.advanceTimersByTime(1000);
    expect(shown()).toEqual(['update_display_data 1', 'update_display_data 2']);
  });
});
