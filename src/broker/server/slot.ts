import type { ClientTraffic } from '../metrics/traffic.js';

/** A request that is being served, in its place in the order of answers. */
export interface Slot {
  readonly bytes: number;
  readonly begun: number;
  apiKey: number;
  client: ClientTraffic | undefined;
  answer: readonly Buffer[] | undefined;
  done: boolean;
  /** What becomes of the connection when this one's turn to be answered has come. */
  ending: 'lose-answer' | 'end' | undefined;
  readonly sent: (() => void)[];
}

/** A slot for a request of this many bytes, whose serving begins now. */
export function newSlot(bytes: number): Slot {
  return {
    bytes,
    begun: performance.now(),
    apiKey: -1,
    client: undefined,
    answer: undefined,
    done: false,
    ending: undefined,
    sent: [],
  };
}

/** Tells those who lent something to the answer that it is not needed any more. */
export function release(slot: Slot): void {
  for (const callback of slot.sent.splice(0)) callback();
}
