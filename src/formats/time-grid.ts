/** Time cut into stretches of equal length, all moments in epoch ms. */
export class TimeGrid {
  /** @param earlySizeMs the length of stretches before the epoch, where it is another */
  constructor(
    readonly sizeMs: number,
    readonly offsetMs = 0,
    readonly earlySizeMs: number = sizeMs,
  ) {}

  /** Where the stretch begins that holds a moment. */
  startOf(time: number): number {
    const size = this.sizeAt(time);
    return Math.floor((time - this.offsetMs) / size) * size + this.offsetMs;
  }

  /** Where it ends: the first moment behind it. */
  endOf(time: number): number {
    return this.startOf(time) + this.sizeAt(time);
  }

  /** The lowest watermark above this one at which a stretch is over. */
  nextEnd(watermark: number): number {
    return this.endOf(watermark + 1) - 1;
  }

  private sizeAt(time: number): number {
    return time < 0 ? this.earlySizeMs : this.sizeMs;
  }
}
