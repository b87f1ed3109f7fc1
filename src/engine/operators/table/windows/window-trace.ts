import { type KeyId, keyOfId } from '../../../../core/keys.js';
import type { Row } from '../../../../core/rows/index.js';
import type { Trace } from '../../../inspect/trace.js';
import { note } from '../../../inspect/tracing.js';
import type { OperatorContext } from '../../../operator-context.js';
import type { WindowClock } from './window-clock.js';

/** Bounds of a window in local ms. */
interface Bounds {
  readonly start: number;
  readonly end: number;
}

/** Tells a trace what the windows of tables do, in the words of those of streams: event time is that of the epoch. */
export class WindowTrace {
  constructor(
    private readonly context: OperatorContext,
    private readonly trace: Trace,
    private readonly clock: WindowClock,
  ) {}

  assigned(key: KeyId, value: Row, local: number, window: Bounds): void {
    const timestamp = this.clock.toEpoch(local);
    note(this.context, this.trace, 'window-assigned', {
      key: keyOfId(key),
      value,
      timestamp,
      window: this.epoch(window),
    });
  }

  dropped(key: KeyId, value: Row, local: number): void {
    note(this.context, this.trace, 'dropped', { key: keyOfId(key), value, timestamp: this.clock.toEpoch(local) });
  }

  fired(key: KeyId, results: readonly Row[], window: Bounds): void {
    const bounds = this.epoch(window);
    const timestamp = bounds.end - 1;
    note(this.context, this.trace, 'fired', { key: keyOfId(key), timestamp, window: bounds, detail: { results } });
  }

  merged(key: KeyId, result: Bounds, parts: readonly Bounds[]): void {
    const detail = { result: this.epoch(result), merged: parts.map((part) => this.epoch(part)) };
    note(this.context, this.trace, 'merged', { key: keyOfId(key), detail });
  }

  private epoch({ start, end }: Bounds): Bounds {
    return { start: this.clock.toEpoch(start), end: this.clock.toEpoch(end - 1) + 1 };
  }
}
