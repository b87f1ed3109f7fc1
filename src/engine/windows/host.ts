import { StreambookError } from '../../core/errors.js';
import type { Output } from '../channels/output.js';
import type { OutputTag } from '../channels/output-tag.js';
import { during, preview } from '../errors.js';
import type { Collector } from '../functions/functions.js';
import { openFunction } from '../functions/user-function.js';
import type { OperatorContext } from '../operator-context.js';
import type { KeyedStateBackend, KeyedStateStore } from '../state/backend.js';
import type { Window } from './window.js';
import { hasClear, type ProcessWindowContext, type WindowComputation } from './window-function.js';

/**
 * Calls the window function, if there is one, and puts the results out with the window's last timestamp. What every
 * window operator has in common.
 */
export class WindowHost implements ProcessWindowContext<Window>, Collector<unknown> {
  window!: Window;
  private timestamp = 0;

  constructor(
    private readonly context: OperatorContext,
    private readonly backend: KeyedStateBackend,
    private readonly target: Output<unknown>,
    private readonly computation: WindowComputation | undefined,
    private readonly merging: boolean,
  ) {}

  open(): void | Promise<void> {
    if (this.computation !== undefined) return openFunction(this.computation, this.context);
  }

  close(): void | Promise<void> {
    return this.computation?.close?.();
  }

  /** Computes a window of the current key. */
  emit(window: Window, elements: readonly unknown[]): void {
    const timestamp = window.maxTimestamp();
    if (this.computation === undefined) {
      for (const element of elements) this.target.collect(element, timestamp);
      return;
    }
    this.window = window;
    this.timestamp = timestamp;
    let result: unknown;
    try {
      result = this.computation.process(this.backend.currentKey, this, elements, this);
    } catch (error) {
      throw during(
        this.context,
        `in the window ${String(window)} of the key ${preview(this.backend.currentKey)}`,
        error,
      );
    }
    if (result !== undefined) this.target.collect(result, timestamp);
  }

  /** Whether the function wants to know when windows are thrown away. */
  get hasClear(): boolean {
    return hasClear(this.computation);
  }

  /** Tells the function that a window is thrown away. */
  clear(window: Window): void {
    if (this.computation?.clear === undefined) return;
    this.window = window;
    this.timestamp = window.maxTimestamp();
    this.computation.clear(this);
  }

  collect(value: unknown): void {
    this.target.collect(value, this.timestamp);
  }

  currentWatermark(): number {
    return this.context.currentWatermark;
  }

  currentProcessingTime(): number {
    return this.context.clock.now();
  }

  windowState(): KeyedStateStore {
    if (this.merging) {
      throw new StreambookError('window-state', 'windows that merge have no state of their own', {
        hint: 'use globalState(), or keep what you need in the accumulator',
      });
    }
    return this.backend.namespaced(this.window.id, this.window);
  }

  globalState(): KeyedStateStore {
    return this.backend;
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.context.sideOutput(tag, value, this.timestamp);
  }
}
