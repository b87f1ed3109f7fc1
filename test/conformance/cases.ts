import type { ScriptStep } from '../../src/datastream/testing/index.js';

/** A value of a case: an element's field, a row, a timestamp. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An element of most programs: key, number, timestamp. */
export type T3 = [key: string, f1: number, f2: number];

/** One case as its file has it. */
export interface DataStreamCase {
  readonly id: string;
  readonly category: string;
  readonly description: string;
  readonly timestamps: string | null;
  readonly valuesOrder?: 'exact' | 'any';
  readonly order?: 'exact' | 'ties';
  readonly elements: readonly CaseStep[];
  readonly program: Program | null;
  readonly java: string;
  readonly result: CaseResult;
}

export interface CaseStep {
  readonly in?: number;
  readonly value?: Json;
  readonly ts?: Json;
  readonly watermark?: Json;
  readonly idle?: boolean;
  readonly end?: boolean;
  readonly sleepMs?: number;
}

/** What the runner hands out, in the encodings of the case files. */
export interface CaseResult {
  readonly main?: Json[];
  readonly late?: Json[];
  readonly side?: Json[];
  readonly mainTs?: Json[];
  readonly lateTs?: Json[];
  readonly sideTs?: Json[];
  readonly error?: Json;
}

/** The structure of a window program, as far as it is data. */
export interface Program {
  readonly watermark?: { readonly kind: string; readonly delayMs?: number };
  readonly keyBy?: string;
  readonly rolling?: string;
  readonly field?: string;
  readonly aggregate?: string;
  readonly window?: WindowSpec;
  readonly trigger?: TriggerSpec | null;
  readonly evictor?: EvictorSpec | null;
  readonly allowedLatenessMs?: number;
  readonly lateSideOutput?: boolean;
}

export interface WindowSpec {
  readonly kind: string;
  readonly sizeMs?: number;
  readonly slideMs?: number;
  readonly offsetMs?: number;
  readonly gapMs?: number;
  readonly gap?: string;
  readonly size?: number;
  readonly slide?: number;
}

export interface TriggerSpec {
  readonly kind: string;
  readonly count?: number;
  readonly of?: TriggerSpec;
  readonly intervalMs?: number;
  readonly threshold?: number;
}

export interface EvictorSpec {
  readonly kind: string;
  readonly count?: number;
  readonly after?: boolean;
  readonly keepMs?: number;
  readonly threshold?: number;
}

/** A number of a case file: 64-bit limits are written as words. */
export function toNumber(value: Json | undefined): number {
  if (value === 'MAX_LONG') return Number.POSITIVE_INFINITY;
  if (value === 'MIN_LONG') return Number.NEGATIVE_INFINITY;
  return Number(value);
}

/** The other way round: what the engine gave, in the encoding of the case files. */
export function encode(value: unknown): Json {
  if (value === Number.POSITIVE_INFINITY) return 'MAX_LONG';
  if (value === Number.NEGATIVE_INFINITY || value === -(2 ** 63)) return 'MIN_LONG';
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(encode);
  return value as Json;
}

/** The timestamp of an output. */
export function encodeTimestamp(timestamp: number): Json {
  return timestamp === Number.NEGATIVE_INFINITY ? null : encode(timestamp);
}

/** The script of a case's source. */
export function scriptOf(kase: DataStreamCase): ScriptStep<T3>[] {
  return kase.elements.map((step) => ({
    ...(step.in === undefined ? {} : { in: step.in }),
    ...('value' in step ? { value: step.value as T3 } : {}),
    ...('ts' in step && kase.timestamps !== null ? { timestamp: toNumber(step.ts) } : {}),
    ...('watermark' in step ? { watermark: toNumber(step.watermark) } : {}),
    ...(step.idle === undefined ? {} : { idle: step.idle }),
    ...(step.end === undefined ? {} : { end: step.end }),
    ...(step.sleepMs === undefined ? {} : { pauseMs: step.sleepMs }),
  }));
}
