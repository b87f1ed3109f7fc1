import type { RateOptions } from './pace.js';

/** What a finished sending says of itself. */
export interface SendSummary {
  readonly topic: string;
  /** Messages that the broker acknowledged. */
  readonly messages: number;
  /** Bytes of their values. */
  readonly bytes: number;
  readonly elapsedMs: number;
  /** Whether `stop()` ended it before the source did. */
  readonly stopped: boolean;
}

/** How far a sending is. */
export interface SendProgress {
  readonly state: 'running' | 'paused' | 'stopped' | 'failed' | 'done';
  readonly messages: number;
  readonly bytes: number;
  /** Bytes of the source that have been sent, and how many there are, where that is known. */
  readonly sourceBytes: number;
  readonly totalBytes?: number;
  readonly elapsedMs: number;
}

/** Options that everything that sends has in common. */
export interface SendOptions extends RateOptions {
  /** Where the broker is; see `findBroker`. */
  readonly brokers?: string | readonly string[] | undefined;
  /** A missing topic is made, with this many partitions (default 1); `false`: an error instead. */
  readonly create?: number | false | undefined;
  /** Begin again when the source has ended: for ever, or so many times in all. Default: once. */
  readonly loop?: boolean | number | undefined;
  /** Show progress below the cell, or as lines in a terminal. Default: true. */
  readonly show?: boolean | undefined;
  /** What the progress calls it. Default: the name of the text, or the topic. */
  readonly name?: string | undefined;
  /** How long a broker that went away is waited for. Default: 10 s. */
  readonly retryMs?: number | undefined;
  readonly clientId?: string | undefined;
}

/**
 * A sending that runs in the background, while later cells read. `await` it to wait for its end.
 *
 * @example
 *   const sending = sendFile(texts.mobyDick, { topic: 'novel', everyMs: 100 });
 *   await sending.sent(10);   // ten messages are out
 *   sending.pause();          // ... sending.resume(); sending.stop();
 *   const { messages } = await sending;
 */
export interface Sending extends PromiseLike<SendSummary> {
  readonly topic: string;
  /** Resolves at the end, also after `stop()`. Rejects when sending failed; the failure shows itself in any case. */
  readonly done: Promise<SendSummary>;
  readonly progress: SendProgress;
  /**
   * Resolves when `count` messages have been acknowledged, or when there are no more to come; to how many there are.
   * Rejects when sending fails before.
   */
  sent(count: number): Promise<number>;
  /** Sends nothing more until `resume()`. What is under way arrives. */
  pause(): void;
  resume(): void;
  /** Ends it; resolves when what was under way has arrived, to the same as `done`. */
  stop(): Promise<SendSummary>;
}
