import { messageOf, StreambookError } from '../../src/core/errors.js';
import { streamEnv, virtualClock } from '../../src/index.js';
import { type CaseResult, type DataStreamCase, encode, encodeTimestamp, type Json } from './cases.js';
import { sameResult } from './compare.js';
import { type Built, fromData, UnknownWord } from './from-data.js';
import { ports, sourcesOf } from './ports/index.js';

/** What came of one case. */
export interface CaseOutcome {
  readonly id: string;
  readonly category: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly got: unknown;
  readonly expected: unknown;
  readonly reason?: string | undefined;
}

/** Runs one DataStream case through the public API. */
export async function runDataStreamCase(kase: DataStreamCase): Promise<CaseOutcome> {
  const base = { id: kase.id, category: kase.category, expected: kase.result };
  const env = streamEnv({ clock: virtualClock({ startMs: 1_700_000_000_000, autoAdvance: true }) });
  let built: Built;
  try {
    const made = build(kase, sourcesOf(env, kase));
    if (made === undefined)
      return { ...base, status: 'skipped', got: null, reason: 'a program that is code, not ported' };
    built = made;
  } catch (error) {
    if (error instanceof UnknownWord) return { ...base, status: 'skipped', got: null, reason: error.message };
    return verdict(base, kase, { error: errorOf('plan', error) });
  }
  const sinks: [string, Json[], Json[]][] = [];
  for (const output of ['main', 'late', 'side'] as const) {
    const values: Json[] = [];
    const timestamps: Json[] = [];
    sinks.push([output, values, timestamps]);
    built[output]?.forEach((value: unknown, timestamp) => {
      values.push(encode(value));
      timestamps.push(encodeTimestamp(timestamp));
    });
  }
  try {
    await env.execute(kase.id);
  } catch (error) {
    return verdict(base, kase, { error: errorOf('runtime', error) });
  }
  const got: Record<string, Json[]> = {};
  for (const [output, values, timestamps] of sinks) {
    got[output] = values;
    got[`${output}Ts`] = timestamps;
  }
  return verdict(base, kase, got);
}

function build(kase: DataStreamCase, sources: ReturnType<typeof sourcesOf>): Built | undefined {
  if (kase.program !== null) return fromData(kase, kase.program, sources(1));
  return ports[kase.id]?.(sources);
}

function verdict(
  base: Pick<CaseOutcome, 'id' | 'category' | 'expected'>,
  kase: DataStreamCase,
  got: CaseResult,
): CaseOutcome {
  return { ...base, got, status: sameResult(kase, kase.result, got) ? 'passed' : 'failed' };
}

function errorOf(phase: string, error: unknown): Json {
  const code = error instanceof StreambookError ? error.code : 'error';
  return { phase, code, message: messageOf(error) };
}
