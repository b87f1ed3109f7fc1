import { once } from 'node:events';

/** Where the shell writes: standard output, or what a test gives it. */
export interface Output extends NodeJS.WritableStream {
  readonly columns?: number;
  readonly rows?: number;
  readonly isTTY?: boolean;
}

const RED = '\u001b[31m';
const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';

/** A terminal's screen: its size, and writing that waits where it has to. */
export class Screen {
  private readonly colours: boolean;

  constructor(readonly output: Output) {
    this.colours = output.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
  }

  /** Columns; at least 20, so that there is something to lay out. */
  get width(): number {
    return Math.max(20, this.output.columns ?? 80);
  }
  get height(): number {
    return Math.max(5, this.output.rows ?? 24);
  }

  /** Writes a text as it is, and waits while the terminal cannot keep up. */
  async write(text: string): Promise<void> {
    if (!this.output.write(text)) await once(this.output, 'drain');
  }
  async line(text: string): Promise<void> {
    await this.write(`${text}\n`);
  }
  async error(text: string): Promise<void> {
    await this.line(this.colours ? `${RED}${text}${PLAIN}` : text);
  }
  dim(text: string): string {
    return this.colours ? `${DIM}${text}${PLAIN}` : text;
  }
}

/** A picture that is drawn again in place. Its lines must not be wider than the screen. */
export class LivePicture {
  private drawn = 0;
  private resized = false;
  private readonly onResize = (): void => {
    this.resized = true;
  };

  constructor(private readonly screen: Screen) {
    screen.output.on('resize', this.onResize);
    screen.output.write('\u001b[?25l');
  }

  draw(lines: readonly string[]): void {
    // The terminal has wrapped what was drawn anew: nobody knows how high it is now.
    const back = this.resized ? '\u001b[2J\u001b[H' : this.drawn === 0 ? '' : `\u001b[${this.drawn}A\r`;
    this.resized = false;
    this.drawn = lines.length;
    this.screen.output.write(`${back}${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
  }

  /** Leaves the last picture where it is. */
  end(): void {
    this.screen.output.removeListener('resize', this.onResize);
    this.screen.output.write('\u001b[?25h');
  }
}
