import { describe, expect, it } from 'vitest';
import { StateTable } from '../../../src/engine/state/table.js';

describe('StateTable', () => {
  it('leaves nothing in a namespace that was dropped, so that it keeps no cell alive', () => {
    const table = new StateTable<number>('counts', 'value', undefined);
    table.insert(10, 'a window', 'a', 1);
    table.insert(10, 'a window', 'b', 2);
    table.insert(20, 'the next', 'a', 3);
    const dropped = table.space(10);
    table.drop(10);
    expect(dropped?.cells.size).toBe(0);
    expect(table.size()).toBe(1);
    expect(table.get(10, 'a')).toBeUndefined();
    expect(table.get(20, 'a')?.value).toBe(3);
    // A window that comes again is a new one.
    table.insert(10, 'a window', 'c', 4);
    expect([...(table.space(10)?.cells.keys() ?? [])]).toEqual(['c']);
  });

  it('drops a namespace with its last key', () => {
    const table = new StateTable<number>('counts', 'value', undefined);
    table.insert(10, 'a window', 'a', 1);
    table.delete(10, 'a');
    expect(table.spaces.size).toBe(0);
  });
});
