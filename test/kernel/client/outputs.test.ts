import { expect, test } from 'vitest';
import { type Displays, Outputs } from '../../../src/kernel/client/outputs.js';

const display = (text: string, id: string) => ({
  data: { 'text/plain': text },
  metadata: {},
  transient: { display_id: id },
});

test('streams are joined until something else comes', () => {
  const outputs = new Outputs(new Map());
  outputs.take('stream', { name: 'stdout', text: 'a' });
  outputs.take('stream', { name: 'stdout', text: 'b' });
  outputs.take('stream', { name: 'stderr', text: 'c' });
  outputs.take('stream', { name: 'stdout', text: 'd' });
  expect(outputs.list.map((each) => 'text' in each && each.text)).toEqual(['ab', 'c', 'd']);
});

test('a later cell changes what an earlier one shows', () => {
  const displays: Displays = new Map();
  const first = new Outputs(displays);
  first.take('display_data', display('1', 'id'));
  const second = new Outputs(displays);
  expect(second.take('update_display_data', display('2', 'id'))).toBe(true);
  expect(first.list).toEqual([{ output_type: 'display_data', data: { 'text/plain': '2' }, metadata: {} }]);
  expect(second.list).toEqual([]);
});

test('what is no output is passed over', () => {
  const outputs = new Outputs(new Map());
  expect(outputs.take('status', { execution_state: 'busy' })).toBe(false);
  expect(outputs.list).toEqual([]);
});

test('clear_output empties, at once or with the next output', () => {
  const outputs = new Outputs(new Map());
  outputs.take('stream', { name: 'stdout', text: 'a' });
  outputs.take('clear_output', { wait: true });
  expect(outputs.list).toHaveLength(1);
  outputs.take('stream', { name: 'stdout', text: 'b' });
  expect(outputs.list).toEqual([{ output_type: 'stream', name: 'stdout', text: 'b' }]);
  outputs.take('clear_output', { wait: false });
  expect(outputs.list).toEqual([]);
});
