import { ArgumentError } from '../../core/errors.js';
import type { MiniBatchSettings } from '../../engine/operators/table/mini-batch-aggregate.js';
import type { PlannerConfig } from '../physical/context.js';
import { durationSetting } from './settings.js';

/**
 * How rows are held back to be aggregated together; `undefined`: they are not, as `table.exec.mini-batch.enabled` is not set.
 *
 * @throws ArgumentError where it is on, and the size or the latency is missing
 * @see Flink: Performance Tuning, MiniBatch Aggregation
 */
export function miniBatch(config: PlannerConfig): MiniBatchSettings | undefined {
  if (config.get('table.exec.mini-batch.enabled')?.trim().toLowerCase() !== 'true') return undefined;
  const latencyMs = durationSetting(config, 'table.exec.mini-batch.allow-latency');
  if (latencyMs <= 0) {
    throw new ArgumentError('MiniBatch Latency must be greater than 0 ms: table.exec.mini-batch.allow-latency', {
      hint: "SET 'table.exec.mini-batch.allow-latency' = '1 s' holds rows back for a second at most",
    });
  }
  const size = Number(config.get('table.exec.mini-batch.size') ?? -1);
  if (!Number.isInteger(size) || size <= 0) {
    throw new ArgumentError("Key: 'table.exec.mini-batch.size' , default: -1 (fallback keys: []) must be > 0.", {
      hint: "SET 'table.exec.mini-batch.size' = '1000' holds back 1000 rows at most",
    });
  }
  return { size, latencyMs };
}
