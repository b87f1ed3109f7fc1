import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DataStreamCase } from './cases.js';
import { runDataStreamCase } from './run-case.js';

const folder = new URL('datastream/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('what the real Flink gave', () => {
  it.each(files)('%s', async (file) => {
    const kase = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as DataStreamCase;
    const outcome = await runDataStreamCase(kase);
    if (outcome.status !== 'passed') expect(outcome.got).toEqual(outcome.expected);
    expect(outcome.status).toBe('passed');
  });
});
