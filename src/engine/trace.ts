/** What a teacher would draw. */
export interface TraceEvent {
  /** Counts up from 0 within a job. */
  readonly order: number;
  /** The operator's name. */
  readonly operator: string;
  readonly subtask: number;
  readonly kind:
    | 'element'
    | 'watermark'
    | 'window-assigned'
    | 'timer-set'
    | 'timer-fired'
    | 'fired'
    | 'merged'
    | 'late'
    | 'dropped'
    | 'state-read'
    | 'state-written'
    | 'idle'
    | 'active';
  /** Processing time, epoch ms. */
  readonly at: number;
  readonly key?: unknown;
  readonly value?: unknown;
  /** Event time, epoch ms. */
  readonly timestamp?: number;
  readonly watermark?: number;
  readonly window?: { readonly start: number; readonly end: number };
  readonly detail?: unknown;
}

/** What operators write to while tracing is on. */
export interface Trace {
  add(event: Omit<TraceEvent, 'order' | 'at'>): void;
}
