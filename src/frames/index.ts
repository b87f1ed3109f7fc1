import { type FrameView, setFramePort } from '../core/frames.js';
import { arqueroView } from './arquero.js';
import { danfoView } from './danfo.js';

/** The rows and columns of an arquero table or a danfojs frame, read in place; `undefined` for anything else. */
export function frameView(value: unknown): FrameView | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  try {
    return arqueroView(value) ?? danfoView(value);
  } catch {
    // It only looked like one.
    return undefined;
  }
}

/** Lets everything below recognise the tables of other libraries. */
export function fillFramePort(): void {
  setFramePort({ view: frameView });
}
