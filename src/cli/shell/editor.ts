import { createInterface, type Interface } from 'node:readline';
import type { Keyboard } from './keyboard.js';
import type { Screen } from './terminal.js';

/** What was typed: a line, Ctrl-C with what stood in the line, or Ctrl-D. */
export type Typed =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupt'; readonly text: string }
  | { readonly kind: 'leave' };

type Completed = readonly [words: readonly string[], piece: string];
/** What may stand at the end of `before`, and the piece of it that this replaces; `after` stands behind the cursor. */
export type Completer = (before: string, after: string) => Promise<Completed>;

/** Reads lines with Node's readline: keys as in bash, history, Tab. */
export class Editor {
  private current: Interface | undefined;

  constructor(
    private readonly keyboard: Keyboard,
    private readonly screen: Screen,
    private readonly complete: Completer,
  ) {}

  /** @param history the newest first */
  read(prompt: string, history: readonly string[]): Promise<Typed> {
    return new Promise((resolve) => {
      let typed: Typed = { kind: 'leave' };
      // One for each line: then the history holds statements and not lines.
      const editing = createInterface({
        input: this.keyboard.lines,
        output: this.screen.output,
        terminal: true,
        prompt,
        history: [...history],
        historySize: 1000,
        tabSize: 4,
        completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
          this.complete(line, editing.line.slice(line.length))
            .catch((): Completed => [[], ''])
            .then(([words, part]) => done(null, [[...words], part]))
            .finally(() => this.keyboard.completed());
        },
      });
      this.current = editing;
      const end = (next: Typed): void => {
        typed = next;
        this.keyboard.rest();
        editing.close();
      };
      editing.on('line', (text) => end({ kind: 'line', text }));
      editing.on('SIGINT', () => {
        // The cursor may stand in the middle of a line that was wrapped.
        editing.write(null, { ctrl: true, name: 'e' });
        this.screen.output.write('^C\n');
        end({ kind: 'interrupt', text: editing.line });
      });
      editing.on('close', () => {
        this.current = undefined;
        this.keyboard.rest();
        resolve(typed);
      });
      editing.prompt();
      this.keyboard.edit();
    });
  }

  /** Writes lines above the one that is being edited. `false`: none is. */
  above(text: string): boolean {
    const { current } = this;
    if (current === undefined) return false;
    const { rows } = current.getCursorPos();
    this.screen.output.write(`${rows > 0 ? `\u001b[${rows}A` : ''}\r\u001b[J${text}\n`);
    current.prompt(true);
    return true;
  }
}
