import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newHeader, type Outgoing, toJson } from '../../../src/kernel/transport/messages.js';
import { Sender } from '../../../src/kernel/transport/sender.js';

let sent: string[];
let sender: Sender;
const parents = { a: newHeader('execute_request'), b: newHeader('execute_request') };
const message = (type: string, content: object, parent: 'a' | 'b' = 'a'): Outgoing => ({
  channel: 'iopub',
  identities: [],
  header: newHeader(type),
  parent: parents[parent],
  content: toJson(content),
});
const text = (value: string, parent: 'a' | 'b' = 'a', name = 'stdout'): Outgoing =>
  message('stream', { name, text: value }, parent);

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  sender = new Sender(async ({ header, content }) => {
    const { name, text } = JSON.parse(content) as { name?: string; text?: string };
    sent.push(header.msg_type === 'stream' ? `${name} ${text}` : header.msg_type);
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first text goes at once, what follows soon is joined', async () => {
  sender.send(text('a'));
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['stdout a']);
  for (const each of ['b', 'c', 'd']) sender.send(text(each));
  await vi.advanceTimersByTimeAsync(20);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(20);
  expect(sent).toEqual(['stdout a', 'stdout bcd']);
});

test('nothing else waits for text, and order is kept', async () => {
  sender.send(text('a'));
  await vi.advanceTimersByTimeAsync(0);
  sender.send(text('b'));
  sender.send(text('c', 'a', 'stderr'));
  sender.send(message('status', {}));
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['stdout a', 'stdout b', 'stderr c', 'status']);
});

test('cells are not mixed', async () => {
  sender.send(text('a'));
  sender.send(text('b', 'b'));
  sender.send(text('c', 'b'));
  sender.send(text('d'));
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual(['stdout a', 'stdout bc', 'stdout d']);
});

test('empty() waits for what is sent meanwhile, too', async () => {
  sender.send(text('a'));
  await vi.advanceTimersByTimeAsync(0);
  sender.send(text('b'));
  const empty = sender.empty();
  sender.send(text('c'));
  await vi.advanceTimersByTimeAsync(100);
  await empty;
  expect(sent.join('')).toBe('stdout astdout bc');
});
