import { type FrameView, setFramePort } from '../core/frames.js';
import { arqueroView, makeArquero, readArquero } from './arquero.js';
import { danfoView, makeDanfo, readDanfo } from './danfo.js';
import { gather } from './gather.js';
import { recentRows } from './recent.js';

export type { ArqueroTable, DanfoFrame, FrameOptions, Recent, RecentOptions } from './types.js';

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

/** Lets everything below recognise the tables of other libraries, and become one. */
export function fillFramePort(): void {
  setFramePort({
    view: frameView,
    toArquero: async (rows, options) => makeArquero(await gather(rows), options),
    toDanfo: async (rows, options) => makeDanfo(await gather(rows), options),
    recent: recentRows,
    fromArquero: readArquero,
    fromDanfo: readDanfo,
  });
}
