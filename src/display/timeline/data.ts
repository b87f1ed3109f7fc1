/** What became of an element at the operator. */
export type Fate =
  /** It came before the watermark did. */
  | 'on-time'
  /** It came after the watermark had passed it, and a window still took it. */
  | 'behind'
  /** No window took it; it went to the side output. */
  | 'late'
  /** No window took it; it is gone. */
  | 'dropped';

/** When something happened, in processing time. */
export interface Moment {
  /** Counts up by 1 with each element; what happens between two elements stands between their numbers. */
  readonly step: number;
  /** Epoch ms. */
  readonly at: number;
}

/** An element that came in. */
export interface TimelineElement extends Moment {
  readonly key: unknown;
  readonly value: unknown;
  /** Event time, epoch ms; `undefined` if it has none. */
  readonly timestamp: number | undefined;
  readonly fate: Fate;
  /** The operator's watermark when it came; `-Infinity` before the first. */
  readonly watermark: number;
  /** The windows that took it. */
  readonly windows: readonly { readonly start: number; readonly end: number }[];
}

/** A window that put something out. */
export interface TimelineFiring extends Moment {
  /** `early`: before the watermark reached the end; `on-time`: when it did; `late`: again after that. */
  readonly pane: 'early' | 'on-time' | 'late';
  readonly watermark: number;
  /** What came out; where that was not traced, what the window held. */
  readonly results: readonly unknown[];
}

/** The bounds a window had from one moment on: sessions grow. */
export interface TimelineStretch {
  readonly from: Moment;
  readonly to: Moment;
  readonly start: number;
  readonly end: number;
}

/** One window of one key, from its first element to its last firing. */
export interface TimelineWindow {
  readonly key: unknown;
  /** Its bounds in event time (in processing time for windows that end by the clock), epoch ms; at last. */
  readonly start: number;
  readonly end: number;
  readonly elements: number;
  readonly stretches: readonly TimelineStretch[];
  readonly firings: readonly TimelineFiring[];
  /** Where it went, if it became part of a larger one. */
  readonly mergedInto: { readonly start: number; readonly end: number } | undefined;
}

/** The watermark from one moment on. */
export interface TimelineWatermark extends Moment {
  /** `Infinity` at the end of input. */
  readonly watermark: number;
  readonly subtask: number;
}

/** A timer that fired, at an operator without windows. */
export interface TimelineTimer extends Moment {
  readonly key: unknown;
  readonly timestamp: number;
  readonly domain: 'EVENT_TIME' | 'PROCESSING_TIME';
}

/** What happened at one operator, as plain data: what the figure shows. */
export interface TimelineData {
  readonly operator: string;
  /** Other operators of the trace that have windows. */
  readonly others: readonly string[];
  /** The keys in order of appearance; `[undefined]` without keys. */
  readonly keys: readonly unknown[];
  readonly elements: readonly TimelineElement[];
  readonly windows: readonly TimelineWindow[];
  readonly watermarks: readonly TimelineWatermark[];
  readonly timers: readonly TimelineTimer[];
  /** The subtask that has each key, by place in `keys`. */
  readonly subtasks: readonly number[];
  /** Events the trace had thrown away before. */
  readonly forgotten: number;
}
