import type { Clock } from '../../core/clock.js';
import { SystemClock } from '../../core/clock.js';
import type { FunctionResolver } from '../functions/user.js';

/** What generated code needs from outside: one object, given when the code is made. */
export interface EvaluationContext {
  /** The session's time zone: `UTC`, `Asia/Shanghai`, `GMT+08:00`. */
  readonly timeZone: string;
  /** What CURRENT_TIMESTAMP, PROCTIME and their kin read. */
  readonly clock: Clock;
  /** What CURRENT_WATERMARK reads: that of the step whose code it is; `undefined` before the first. */
  readonly watermark?: { now(): number | undefined };
  readonly functions?: FunctionResolver;
  readonly currentDatabase?: string;
  /** `table.exec.legacy-cast-behaviour` set to `ENABLED`: a failing CAST gives NULL. */
  readonly legacyCast?: boolean;
}

/** The usual context: UTC and the machine's clock. */
export function evaluationContext(given: Partial<EvaluationContext> = {}): EvaluationContext {
  return { timeZone: 'UTC', clock: new SystemClock(), ...given };
}
