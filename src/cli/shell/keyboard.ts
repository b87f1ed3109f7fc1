import { PassThrough } from 'node:stream';

/** Where keys come from: standard input in raw mode. */
export interface KeyInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
}

/** A key that means something while a statement runs. */
export type BusyKey = 'interrupt' | 'stop' | 'up' | 'down' | 'page up' | 'page down' | 'top' | 'end';

const BUSY: Readonly<Record<string, BusyKey>> = {
  '\u0003': 'interrupt',
  q: 'stop',
  Q: 'stop',
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001bOA': 'up',
  '\u001bOB': 'down',
  '\u001b[5~': 'page up',
  '\u001b[6~': 'page down',
  '\u001b[H': 'top',
  '\u001b[F': 'end',
  '\u001b[1~': 'top',
  '\u001b[4~': 'end',
};
// Line ends and Ctrl-C end the line, Ctrl-D may (where it is empty), and Tab takes its time.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals send
const ENDS = /[\r\n\t\u0003\u0004]/;
/** Nobody waits longer for a completion. */
const COMPLETING_MS = 2000;
// A sequence of the terminal's, or one character.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals send
const KEYS = /\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|./gsu;

/**
 * Deals out what is typed. While a line is edited it goes to the editor, line by line: text that was pasted may begin to run
 * with its first line, and the rest must wait. While a statement runs, Ctrl-C goes to the statement, keys of a live view go
 * to the view, and everything else waits for the next line.
 */
export class Keyboard {
  /** What the editor reads. */
  readonly lines: PassThrough & { isTTY?: boolean; setRawMode?: (on: boolean) => unknown } = new PassThrough();
  private waiting = '';
  private editing = false;
  /** Tab was pressed, and what it completes is being looked up. */
  private completing: NodeJS.Timeout | undefined;
  private onBusyKey: ((key: BusyKey) => boolean) | undefined;
  private readonly decoder = new TextDecoder();
  private readonly onData = (chunk: Buffer): void => this.take(this.decoder.decode(chunk, { stream: true }));
  private readonly onEnd = (): void => {
    this.waiting += '\u0004';
    this.deal();
  };

  constructor(private readonly input: KeyInput) {
    this.lines.isTTY = true;
    // The editor would let go of the terminal with each line; what is typed before the next one would be echoed twice.
    this.lines.setRawMode = () => undefined;
    input.setRawMode?.(true);
    input.on('data', this.onData);
    input.on('end', this.onEnd);
    input.resume();
  }

  /** The editor wants a line. */
  edit(): void {
    this.onBusyKey = undefined;
    this.editing = true;
    this.deal();
  }

  /** A statement runs. @param onKey says whether it wanted the key */
  busy(onKey: (key: BusyKey) => boolean): void {
    this.editing = false;
    this.onBusyKey = onKey;
    // Somebody may have been quicker than the statement's first step.
    setImmediate(() => {
      const at = this.waiting.lastIndexOf('\u0003');
      if (at < 0 || this.onBusyKey !== onKey) return;
      this.waiting = this.waiting.slice(at + 1);
      onKey('interrupt');
    });
  }

  /** The editor has completed something: what was typed after Tab may follow. */
  completed(): void {
    clearTimeout(this.completing);
    this.completing = undefined;
    this.deal();
  }

  /** The editor has its line. */
  rest(): void {
    this.editing = false;
  }

  close(): void {
    this.input.removeListener('data', this.onData);
    this.input.removeListener('end', this.onEnd);
    this.input.setRawMode?.(false);
    this.input.pause();
    this.lines.end();
  }

  private take(data: string): void {
    // A tab with text behind it was pasted: nobody asks for a completion there.
    const text = data.replace(/\t+(?=[^\t])/g, ' ');
    const { onBusyKey } = this;
    if (onBusyKey === undefined) this.waiting += text;
    else {
      for (const [key] of text.matchAll(KEYS)) {
        const meaning = BUSY[key];
        if (meaning === 'interrupt') this.waiting = '';
        if (meaning === undefined || !onBusyKey(meaning)) this.waiting += meaning === 'interrupt' ? '' : key;
      }
    }
    this.deal();
  }

  /** Hands on up to what may end the line; the editor asks for the next. */
  private deal(): void {
    if (!this.editing || this.waiting === '' || this.completing !== undefined) return;
    const end = this.waiting.search(ENDS);
    const upTo = end < 0 ? this.waiting.length : this.waiting.startsWith('\r\n', end) ? end + 2 : end + 1;
    const text = this.waiting.slice(0, upTo);
    this.waiting = this.waiting.slice(upTo);
    if (text.endsWith('\t')) this.completing = setTimeout(() => this.completed(), COMPLETING_MS).unref();
    else if (text.endsWith('\u0004')) setImmediate(() => this.deal());
    else if (end >= 0) this.editing = false;
    this.lines.write(text);
  }
}
