import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';

const DRIVER = fileURLToPath(new URL('pseudo_terminal.py', import.meta.url));
const LIMIT_MS = 45_000;

/** Why there can be no pseudo-terminal here; `undefined`: there can. */
export function noTerminal(): string | undefined {
  try {
    execFileSync('python3', ['-c', 'import fcntl, pty, termios'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no python3 with a pty module: what needs a terminal is not tried';
  }
}

/** A program in a pseudo-terminal: what is typed goes in, and what stands on the screen comes out. */
export class TerminalProgram {
  /** What the program wrote, as it is. */
  raw = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly screen: InstanceType<typeof xterm.Terminal>;

  constructor(command: readonly string[], columns = 80, rows = 24, env: Readonly<Record<string, string>> = {}) {
    this.screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 10_000 });
    this.child = spawn('python3', [DRIVER, String(columns), String(rows), ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TERM: 'xterm-256color', ...env },
    });
    this.child.stdout?.on('data', (data: Buffer) => {
      this.raw += data.toString('utf8');
      this.screen.write(data);
    });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  type(text: string): void {
    this.tell({ send: text });
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.tell({ resize: [columns, rows] });
  }

  /** All lines, those that went by included. */
  text(): string {
    const { active } = this.screen.buffer;
    const lines: string[] = [];
    for (let i = 0; i < active.length; i++) {
      const line = active.getLine(i);
      // A line that was too long goes on in the next.
      if (line?.isWrapped === true) lines[lines.length - 1] += line.translateToString(true);
      else lines.push(line?.translateToString(true) ?? '');
    }
    return lines.join('\n').trimEnd();
  }

  /** What stands behind and below the last prompt with this behind it. */
  below(typed: string): string {
    const text = this.text();
    const at = text.lastIndexOf(`> ${typed}`);
    return at < 0 ? '' : text.slice(at + 2 + typed.length);
  }

  /** Waits until the screen's text is like this. */
  async until(pattern: RegExp, below = ''): Promise<string> {
    for (const end = Date.now() + LIMIT_MS; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const text = below === '' ? this.text() : this.below(below);
      if (pattern.test(text)) return text;
      if (Date.now() > end) throw new Error(`no ${pattern} on the screen:\n${this.text()}`);
    }
  }

  kill(): void {
    this.child.kill();
  }

  private tell(what: object): void {
    this.child.stdin?.write(`${JSON.stringify(what)}\n`);
  }
}
