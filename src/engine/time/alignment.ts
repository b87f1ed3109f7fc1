import { MIN_WATERMARK } from './time.js';

/** A source that belongs to an alignment group. */
export interface AlignedSource {
  /** Its name, for messages. */
  readonly name: string;
  /** The watermarks of its parts that are neither idle nor ended; `undefined`: it has ended. */
  activeWatermarks(): readonly number[] | undefined;
}

/**
 * Watermark alignment: no part of a source (a partition) runs ahead of the slowest part in its group by more than the
 * drift it allows. Who is ahead is not fed until the others have caught up; who is idle or has ended holds nobody back.
 *
 * @see Flink: Watermark alignment
 */
export class Alignment {
  private readonly groups = new Map<string, AlignedSource[]>();

  join(group: string, source: AlignedSource): void {
    const members = this.groups.get(group);
    if (members === undefined) this.groups.set(group, [source]);
    else members.push(source);
  }

  /** The slowest part of a group: its watermark, and whose it is. */
  slowest(group: string): { readonly watermark: number; readonly source: AlignedSource | undefined } {
    let watermark = Number.POSITIVE_INFINITY;
    let slowest: AlignedSource | undefined;
    for (const source of this.groups.get(group) ?? []) {
      const watermarks = source.activeWatermarks();
      if (watermarks === undefined) continue;
      for (const one of watermarks) {
        if (one >= watermark) continue;
        watermark = one;
        slowest = source;
        if (one === MIN_WATERMARK) return { watermark, source };
      }
    }
    return { watermark, source: slowest };
  }
}
