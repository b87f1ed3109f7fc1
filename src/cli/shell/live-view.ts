import type { BusyKey } from './keyboard.js';
import { cut, layOut } from './layout.js';
import type { Presenting } from './present.js';
import type { SessionColumn } from './session.js';
import type { ResultModel } from './table-model.js';
import { LivePicture } from './terminal.js';

/** At most ten pictures a second. */
const REDRAW_MS = 100;
/** A result that has ended is printed in full up to here. */
const PRINT_ALL = 200;
/** Lines around the rows: names, a line, what goes on, and the one the cursor is in. */
const FRAME = 4;

/** A query's rows in place, as many as the terminal is high: the last ones, unless somebody scrolls. */
export class LiveView {
  private readonly picture: LivePicture;
  private readonly timer: NodeJS.Timeout;
  private readonly widths: number[] = [];
  private readonly began = performance.now();
  /** The first row in view; `undefined`: the last ones are followed. */
  private from: number | undefined;
  private drawn = '';

  constructor(
    private readonly columns: readonly SessionColumn[],
    private readonly model: ResultModel,
    private readonly context: Presenting,
  ) {
    this.picture = new LivePicture(context.screen);
    this.draw();
    this.timer = setInterval(() => this.draw(), REDRAW_MS);
  }

  /** Scrolls, or stops. Says whether it wanted the key. */
  key(key: BusyKey): boolean {
    const { page } = this;
    const last = Math.max(0, this.model.size - page);
    const at = this.from ?? last;
    const to: Partial<Record<BusyKey, number>> = {
      up: at - 1,
      down: at + 1,
      'page up': at - page,
      'page down': at + page,
      top: 0,
      end: last,
    };
    const wanted = to[key];
    if (wanted === undefined) {
      this.context.stop();
      return true;
    }
    this.from = wanted >= last ? undefined : Math.max(0, wanted);
    this.draw();
    return true;
  }

  /** The last picture. What has ended by itself and is not too long stays there as a whole. */
  async end(how: 'finished' | 'stopped' | 'failed'): Promise<void> {
    clearInterval(this.timer);
    const { model, context } = this;
    const whole = how === 'finished' && model.size <= PRINT_ALL;
    if (whole) this.from = 0;
    this.draw(how, whole ? model.size : undefined);
    // Nothing to see: the error says it all.
    if (how === 'failed' && model.seen === 0) this.picture.draw([]);
    this.picture.end();
    if (how === 'finished' && !whole) {
      await context.screen.line("SET 'sql-client.execution.result-mode' = 'tableau' prints all rows.");
    }
  }

  private get page(): number {
    return Math.max(1, this.context.screen.height - FRAME);
  }

  private draw(ended?: string, rows = this.page): void {
    const { screen, settings } = this.context;
    const { model } = this;
    const from = Math.max(0, this.from ?? model.size - rows);
    const laidOut = layOut(this.columns, model.slice(from, rows), {
      width: screen.width - 1,
      most: settings.maxColumnWidth,
      widths: this.widths,
    });
    const lines = [...laidOut.header, ...laidOut.lines];
    const status = this.status(from, laidOut.lines.length, laidOut.hidden, ended);
    const picture = [...lines, screen.dim(cut(status, screen.width - 1))];
    const text = picture.join('\n');
    if (ended === undefined && text === this.drawn) return;
    this.drawn = text;
    this.picture.draw(picture);
  }

  private status(from: number, shown: number, hidden: number, ended: string | undefined): string {
    const { model } = this;
    const parts = [counted(model.size, model.noun)];
    if (shown < model.size)
      parts[0] = `${model.noun}s ${number(from + 1)} to ${number(from + shown)} of ${number(model.size)}`;
    if (model.seen !== model.size) parts.push(counted(model.seen, 'change'));
    if (hidden > 0) parts.push(`${counted(hidden, 'column')} out of sight`);
    const seconds = Math.floor((performance.now() - this.began) / 1000);
    parts.push(ended ?? `running ${seconds} s: q or Ctrl-C stops`);
    return parts.join(', ');
  }
}

function number(count: number): string {
  return count.toLocaleString('en');
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}
