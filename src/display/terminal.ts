import type { DisplaySlot, MimeBundle } from '../core/display.js';
import { onFlush } from '../core/flush.js';
import { REDRAW_EVERY_MS } from './notebook.js';
import { displayWidth } from './table-text.js';

/** What a slot needs of `process.stdout`. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Tells whether somebody else wrote in between. */
  readonly bytesWritten?: number;
  write(text: string): unknown;
}

/** In a log file a line every few seconds is enough. */
const LOG_EVERY_MS = 5000;

// Only the output opened last can be redrawn: above it there may be anything.
const newest = new WeakMap<Terminal, TerminalSlot>();

/**
 * An output in a terminal. The one opened last is redrawn in place, ten times a second at most, as long as nothing else
 * was printed below it. Where that cannot be (a pipe, an older output), changes are printed as new lines, one in five
 * seconds at most, and the last one always.
 */
export class TerminalSlot implements DisplaySlot {
  private waiting: string | undefined;
  private drawn: string;
  private rowsDrawn: number;
  private drawnAt = performance.now();
  private bytesAfter: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private offFlush: (() => void) | undefined;
  private readonly atExit = () => this.draw(true);

  constructor(
    private readonly terminal: Terminal,
    bundle: MimeBundle,
  ) {
    newest.set(terminal, this);
    this.drawn = bundle['text/plain'];
    terminal.write(`${this.drawn}\n`);
    this.rowsDrawn = this.height(this.drawn);
    this.bytesAfter = terminal.bytesWritten;
  }

  update(bundle: MimeBundle, last = false): void {
    this.waiting = bundle['text/plain'];
    const rest = this.drawnAt + (this.inPlace() ? REDRAW_EVERY_MS : LOG_EVERY_MS) - performance.now();
    if (last || rest <= 0) {
      this.draw(last);
      return;
    }
    this.hold();
    this.timer ??= setTimeout(() => this.draw(false), rest).unref();
  }

  /** Sees to it that what waits is written in the end. */
  private hold(): void {
    if (this.offFlush !== undefined) return;
    this.offFlush = onFlush(() => this.draw(true));
    process.once('exit', this.atExit);
  }

  /** Whether what this slot drew is still the last thing in the terminal, and still within reach. */
  private inPlace(): boolean {
    return (
      this.terminal.isTTY === true &&
      newest.get(this.terminal) === this &&
      this.bytesAfter === this.terminal.bytesWritten &&
      this.rowsDrawn < (this.terminal.rows ?? 24)
    );
  }

  private height(text: string): number {
    const columns = this.terminal.columns ?? 80;
    let height = 0;
    for (const line of text.split('\n')) height += Math.max(1, Math.ceil(displayWidth(line) / columns));
    return height;
  }

  private draw(whole: boolean): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.offFlush?.();
    this.offFlush = undefined;
    process.removeListener('exit', this.atExit);
    const text = this.waiting;
    this.waiting = undefined;
    if (text === undefined || text === this.drawn) return;
    this.drawnAt = performance.now();
    const inPlace = this.inPlace();
    // Back to the first line drawn, and clear from there to the end of the screen.
    const back = inPlace ? `\u001b[${this.rowsDrawn}A\r\u001b[J` : '';
    this.drawn = inPlace && !whole ? this.cropped(text) : text;
    this.terminal.write(`${back}${this.drawn}\n`);
    this.rowsDrawn = this.height(this.drawn);
    this.bytesAfter = this.terminal.bytesWritten;
    if (this.drawn === text) return;
    this.waiting = text;
    this.hold();
  }

  /** As many lines as stay within reach of the cursor; the rest is written when nothing follows. */
  private cropped(text: string): string {
    const lines = text.split('\n');
    while (lines.length > 1 && this.height(lines.join('\n')) >= (this.terminal.rows ?? 24)) lines.pop();
    return lines.join('\n');
  }
}
