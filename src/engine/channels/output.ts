import type { OutputTag } from './output-tag.js';

/** Where an operator puts what it makes. Every call returns when the elements have gone all the way down. */
export interface Output<T> {
  /** @param timestamp epoch ms, or `NO_TIMESTAMP` */
  collect(value: T, timestamp: number): void;
  emitWatermark(watermark: number): void;
  /** Says that nothing will come for a while (so that nobody waits for watermarks from here), or that it comes again. */
  emitStatus(idle: boolean): void;
  /** A mark that goes the way of the elements, to measure how long they take: see `JobMetrics`. */
  emitLatency(bornAt: number): void;
  /** Says that nothing will ever come again. */
  end(): void;
}

/** The output of an operator that nobody reads. */
export class NoOutput implements Output<unknown> {
  collect(): void {}
  emitWatermark(): void {}
  emitStatus(): void {}
  emitLatency(): void {}
  end(): void {}
}

/** Several targets: watermarks, idleness, marks and the end go to all of them. */
abstract class Targets<T> implements Output<T> {
  constructor(protected readonly targets: readonly Output<T>[]) {}

  abstract collect(value: T, timestamp: number): void;

  emitWatermark(watermark: number): void {
    for (const target of this.targets) target.emitWatermark(watermark);
  }

  emitStatus(idle: boolean): void {
    for (const target of this.targets) target.emitStatus(idle);
  }

  emitLatency(bornAt: number): void {
    for (const target of this.targets) target.emitLatency(bornAt);
  }

  end(): void {
    for (const target of this.targets) target.end();
  }
}

/** Every element to every target, one target after the other. */
export class FanOut<T> extends Targets<T> {
  collect(value: T, timestamp: number): void {
    for (const target of this.targets) target.collect(value, timestamp);
  }
}

/** Every element to the one target that `choose` names; to none, where that is -1. */
export class PartitionedOutput<T> extends Targets<T> {
  constructor(
    targets: readonly Output<T>[],
    private readonly choose: (value: T) => number,
  ) {
    super(targets);
  }

  collect(value: T, timestamp: number): void {
    this.targets[this.choose(value)]?.collect(value, timestamp);
  }
}

/** A main output, and side outputs that share its watermarks. */
export class OutputWithSides<T> implements Output<T> {
  constructor(
    private readonly main: Output<T>,
    private readonly sides: ReadonlyMap<string, Output<unknown>>,
  ) {}

  collect(value: T, timestamp: number): void {
    this.main.collect(value, timestamp);
  }

  /** Whether anybody reads this side output. */
  has(tag: OutputTag<unknown>): boolean {
    return this.sides.has(tag.id);
  }

  collectSide<X>(tag: OutputTag<X>, value: X, timestamp: number): void {
    this.sides.get(tag.id)?.collect(value, timestamp);
  }

  emitWatermark(watermark: number): void {
    this.main.emitWatermark(watermark);
    for (const side of this.sides.values()) side.emitWatermark(watermark);
  }

  emitStatus(idle: boolean): void {
    this.main.emitStatus(idle);
    for (const side of this.sides.values()) side.emitStatus(idle);
  }

  emitLatency(bornAt: number): void {
    this.main.emitLatency(bornAt);
    for (const side of this.sides.values()) side.emitLatency(bornAt);
  }

  end(): void {
    this.main.end();
    for (const side of this.sides.values()) side.end();
  }
}
