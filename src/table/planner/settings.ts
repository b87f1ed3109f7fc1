import { ArgumentError } from '../../core/errors.js';
import { durationMs } from '../duration-text.js';
import type { PlannerConfig } from '../physical/context.js';

/** A duration among the settings, in ms; 0 when it is not set. @throws ArgumentError */
export function durationSetting(config: PlannerConfig, key: string): number {
  const text = config.get(key)?.trim();
  if (text === undefined || text === '') return 0;
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw new ArgumentError(`${key}: '${text}' is no duration`, {
    hint: "write a number and a unit: '10 s', '1 h', '500 ms'",
  });
}
