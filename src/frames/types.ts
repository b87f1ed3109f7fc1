// biome-ignore lint/suspicious/noTsIgnore: the comment is for the declarations, where the package may be missing
/** @ts-ignore arquero is an optional peer: without it its types are any */
import type { ColumnTable } from 'arquero';
// biome-ignore lint/suspicious/noTsIgnore: as above
/** @ts-ignore danfojs-node is an optional peer: without it its types are any */
import type { DataFrame } from 'danfojs-node';

export type { ArqueroTable, DanfoFrame, FrameOptions, Recent, RecentOptions } from '../core/frames.js';

declare module '../core/frames.js' {
  interface FrameTypes {
    arquero: ColumnTable;
    danfo: DataFrame;
  }
}
