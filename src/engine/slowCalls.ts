import { preview } from './errors.js';

/** A call that takes longer than this is named: meanwhile nothing else runs in the whole process. */
export const SLOW_CALL_MS = 200;

/** What is known of the one who is timed. */
export interface TimedOperator {
  readonly name: string;
  /** Where in the program it was written. */
  readonly line?: string | undefined;
  readonly metrics: { longestCallMs: number };
}

/**
 * Times the calls of operators while there is reason to: at the beginning, until the sources have gone up to full speed,
 * and again from the moment on when something took long. In between, calls cost one look at {@link on}.
 */
export class SlowCalls {
  /** Whether calls are timed now. */
  on = true;
  private readonly begun: number[] = [];
  private readonly inner: number[] = [];
  private readonly told = new Set<string>();
  private unnamed = false;

  constructor(private readonly warn: (message: string) => void = (message) => console.warn(message)) {}

  /** A call begins. */
  begin(): void {
    this.begun.push(performance.now());
    this.inner.push(0);
  }

  /** The call that began last ends. What the calls inside it took is theirs. @param operator absent: nobody's fault */
  end(operator?: TimedOperator, ...element: unknown[]): void {
    const took = performance.now() - (this.begun.pop() as number);
    const own = took - (this.inner.pop() as number);
    const last = this.inner.length - 1;
    if (last >= 0) this.inner[last] = (this.inner[last] as number) + took;
    if (operator === undefined) return;
    if (own > operator.metrics.longestCallMs) operator.metrics.longestCallMs = own;
    if (own >= SLOW_CALL_MS) this.tell(operator, own, element);
  }

  /** A source was asked for elements. */
  sourceTook(tookMs: number, operator: TimedOperator): void {
    if (tookMs >= SLOW_CALL_MS) this.tell(operator, tookMs, []);
  }

  /** Elements went through so fast that nobody needs to be watched. */
  allFast(): void {
    this.on = false;
  }

  /** Elements took long while nobody was watched. */
  stretchTook(tookMs: number): void {
    if (this.on) return;
    this.on = true;
    if (tookMs < SLOW_CALL_MS || this.unnamed || this.told.size > 0) return;
    this.unnamed = true;
    this.warn(`a function of the program held everything up for ${Math.round(tookMs)} ms; the next such call is named`);
  }

  private tell({ name, line }: TimedOperator, tookMs: number, element: readonly unknown[]): void {
    if (this.told.has(name)) return;
    this.told.add(name);
    const at = element.length === 0 ? '' : `, at the element ${preview(element[0])}`;
    const where = line === undefined ? '' : `\n  written at ${line}`;
    this.warn(
      `the operator \`${name}\` held everything up for ${Math.round(tookMs)} ms in one call${at}${where}\n` +
        '  hint: all operators share one thread; calls to services belong into AsyncDataStream.unorderedWait(...)',
    );
  }
}
