import { type FrameOptions, type FrameView, type RecentOptions, setFramePort } from '../core/frames.js';
import { checkOptions, type OptionNames } from '../core/option-names.js';
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

const OPTIONS: OptionNames<FrameOptions> = { bigint: true, decimal: true, timestamp: true };
const RECENT_OPTIONS: OptionNames<RecentOptions> = { rows: true, time: true };

/** Lets everything below recognise the tables of other libraries, and become one. */
export function fillFramePort(): void {
  setFramePort({
    view: frameView,
    toArquero: async (rows, options) => {
      checkOptions('toArquero', options, OPTIONS);
      return makeArquero(await gather(rows), options);
    },
    toDanfo: async (rows, options) => {
      checkOptions('toDanfo', options, OPTIONS);
      return makeDanfo(await gather(rows), options);
    },
    recent: (rows, options) => {
      checkOptions('recent', options, RECENT_OPTIONS);
      return recentRows(rows, options);
    },
    fromArquero: readArquero,
    fromDanfo: readDanfo,
  });
}
