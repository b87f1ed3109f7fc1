import { describe, expect, test } from 'vitest';
import { readNotebook, writeNotebook } from '../../../src/kernel/client/notebook.js';

const committed = {
  nbformat: 4,
  nbformat_minor: 4,
  metadata: { title: 'x' },
  cells: [
    { cell_type: 'markdown', source: ['# a\n', 'b'], metadata: {} },
    {
      cell_type: 'code',
      id: 'kept',
      execution_count: 7,
      metadata: { trusted: true, execution: { 'iopub.status.busy': '2026' }, tags: ['varies'] },
      source: ['1 +\n', '1'],
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['a\n', 'b\n'] }],
    },
    { cell_type: 'code', id: 'empty', execution_count: null, metadata: {}, source: [], outputs: [] },
    { cell_type: 'code', id: 'last', execution_count: null, metadata: {}, source: '2', outputs: [] },
  ],
};
const notebook = readNotebook(JSON.stringify(committed), 'a.ipynb');

describe('reading', () => {
  test('texts are joined, tags found', () => {
    expect(notebook.codeCells[0]).toEqual({
      position: 2,
      source: '1 +\n1',
      tags: ['varies'],
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'a\nb\n' }],
    });
  });

  test('what is no notebook is refused by name', () => {
    expect(() => readNotebook('{', 'a.ipynb')).toThrow('a.ipynb is not JSON');
    expect(() => readNotebook('{"nbformat":3}', 'a.ipynb')).toThrow('not a notebook of format 4');
  });
});

describe('writing', () => {
  const outputs = [
    [
      { output_type: 'stream' as const, name: 'stdout' as const, text: 'a\n' },
      { output_type: 'stream' as const, name: 'stdout' as const, text: 'b' },
      {
        output_type: 'execute_result' as const,
        data: { 'text/plain': 'x\ny', 'application/vnd.vegalite.v5+json': { z: 1, a: ['x\ny'] } },
        metadata: {},
        execution_count: 42,
      },
    ],
    [],
    [],
  ];
  const text = writeNotebook(notebook, outputs, { kernelspec: { name: 'streambook' } });
  const written = JSON.parse(text);

  test('numbers count from 1, empty cells have none, noise is gone', () => {
    expect(written.cells.map((cell: { execution_count?: number }) => cell.execution_count)).toEqual([
      undefined,
      1,
      null,
      2,
    ]);
    expect(written.cells[1].metadata).toEqual({ tags: ['varies'] });
    expect(written.cells[1].outputs).toEqual([
      { name: 'stdout', output_type: 'stream', text: ['a\n', 'b'] },
      {
        data: { 'application/vnd.vegalite.v5+json': { a: ['x\ny'], z: 1 }, 'text/plain': ['x\n', 'y'] },
        execution_count: 1,
        metadata: {},
        output_type: 'execute_result',
      },
    ]);
    expect(written).toMatchObject({ nbformat: 4, nbformat_minor: 5, metadata: { title: 'x' } });
  });

  test('every cell has an id, always the same', () => {
    const ids = written.cells.map((cell: { id: string }) => cell.id);
    expect(ids.slice(1)).toEqual(['kept', 'empty', 'last']);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
    expect(writeNotebook(notebook, outputs, { kernelspec: { name: 'streambook' } })).toBe(text);
  });

  test('keys are sorted, as Jupyter does, with one space and a last line break', () => {
    expect(text.startsWith('{\n "cells": [\n  {\n   "cell_type": "markdown",\n   "id": ')).toBe(true);
    expect(text.endsWith('\n "nbformat": 4,\n "nbformat_minor": 5\n}\n')).toBe(true);
    const again = writeNotebook(readNotebook(text, 'a'), outputs, {});
    expect(again).toBe(text);
  });
});
