import { shellCommand } from './commands.js';
import { complete } from './complete.js';
import { Editor, type Typed } from './editor.js';
import type { History } from './history.js';
import { Keyboard, type KeyInput } from './keyboard.js';
import { type Done, errorText, StatementRunner } from './runner.js';
import type { SessionJob, SqlSession } from './session.js';
import { inOneLine, splitStatements } from './statements.js';
import { type Output, Screen } from './terminal.js';

const PROMPT = 'sql> ';
const GOES_ON = '   > ';

/** What a shell is made of. */
export interface ShellOptions {
  readonly session: SqlSession;
  readonly history: History;
  readonly input: KeyInput;
  readonly output: Output;
  /** Statements to carry out first. */
  readonly init?: { readonly file: string; readonly text: string } | undefined;
}

/**
 * The interactive shell: reads statements, which may have several lines, and carries them out until somebody leaves.
 *
 * @see Flink: SQL Client
 */
export class Shell {
  private readonly screen: Screen;
  private readonly keyboard: Keyboard;
  private readonly editor: Editor;
  private readonly runner: StatementRunner;
  /** What was typed of a statement that is not complete. */
  private begun = '';
  /** Whether it goes into the history: a blank before it keeps it out. */
  private kept = true;
  /** What became of jobs while nobody could be told. */
  private readonly news: string[] = [];
  /** Somebody was told that leaving stops jobs. */
  private warned = false;

  constructor(private readonly options: ShellOptions) {
    const { session, input, output } = options;
    this.screen = new Screen(output);
    this.runner = new StatementRunner({
      session,
      screen: this.screen,
      errors: this.screen,
      interactive: true,
      onJob: (job) => this.follow(job),
    });
    this.keyboard = new Keyboard(input);
    this.editor = new Editor(this.keyboard, this.screen, (before, after) =>
      complete(`${this.begun}${before}`, after, session),
    );
  }

  /** Runs until somebody leaves. @returns the exit code */
  async run(): Promise<number> {
    const { session, init, history } = this.options;
    const onSignal = (): void => {
      // A Ctrl-C that came between two lines, while the terminal was not raw.
      this.runner.stop();
    };
    const onTerm = (): void => {
      // A view hides the cursor while it draws.
      this.screen.output.write('\u001b[?25h');
      this.keyboard.close();
      process.exit(143);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onTerm);
    try {
      if (init !== undefined) {
        const done = await this.working(() => this.runner.script(init.text, init.file));
        if (done === 'failed') return 1;
        if (done === 'quit') return 0;
      }
      await this.screen.line(`SQL on ${session.where}. A statement ends with a semicolon; HELP says more.`);
      for (;;) {
        for (const text of this.news.splice(0)) await this.screen.line(text);
        const typed = await this.editor.read(this.begun === '' ? PROMPT : GOES_ON, history.newestFirst());
        if ((await this.take(typed)) === 'quit' && (await this.mayLeave())) return 0;
      }
    } finally {
      process.removeListener('SIGINT', onSignal);
      process.removeListener('SIGTERM', onTerm);
      this.keyboard.close();
      await session.close();
    }
  }

  private async take(typed: Typed): Promise<Done> {
    if (typed.kind === 'leave') {
      await this.screen.write('\n');
      return 'quit';
    }
    if (typed.kind === 'interrupt') {
      const nothing = this.begun === '' && typed.text.trim() === '';
      this.begun = '';
      if (nothing) await this.screen.line(this.screen.dim('(Ctrl-D or QUIT leaves)'));
      return 'ok';
    }
    if (this.begun === '') this.kept = !typed.text.startsWith(' ');
    if (this.begun === '' && shellCommand(typed.text) !== undefined) return this.carryOut(typed.text);
    const text = `${this.begun}${typed.text}\n`;
    const { statements, rest, open } = splitStatements(text);
    // Nothing but blanks and comments is no beginning of a statement.
    this.begun = open === undefined && inOneLine(rest) === '' ? '' : rest.replace(/^[^\S\n]*\n?/, '');
    for (const statement of statements) {
      const done = await this.carryOut(statement.text);
      if (done === 'quit') return done;
      if (done === 'interrupted') break;
    }
    return 'ok';
  }

  private async carryOut(statement: string): Promise<Done> {
    const command = shellCommand(statement)?.kind;
    if (command === undefined) this.options.history.add(`${inOneLine(statement)};`, this.kept);
    else if (command === 'source') this.options.history.add(statement, this.kept);
    const done = await this.working(() => this.runner.run(statement));
    if (done !== 'quit') this.warned = false;
    return done;
  }

  private async working(run: () => Promise<Done>): Promise<Done> {
    this.keyboard.busy((key) => this.runner.key(key));
    try {
      return await run();
    } finally {
      this.keyboard.rest();
    }
  }

  /** Says what becomes of a job, above the line that is being typed. */
  private follow(job: SessionJob): void {
    const tell = (text: string): void => {
      if (!this.editor.above(text)) this.news.push(text);
    };
    job.wait().then(
      () => {
        const rows = job.rowsWritten();
        const written = rows === undefined || rows === 0 ? '' : `, ${rows.toLocaleString('en')} rows`;
        tell(`[INFO] Job ${job.id.slice(0, 8)} ${job.name}: ${job.status()}${written}`);
      },
      (error: unknown) => tell(`[ERROR] Job ${job.id.slice(0, 8)} ${job.name} failed\n${errorText(error).slice(8)}`),
    );
  }

  private async mayLeave(): Promise<boolean> {
    const { session } = this.options;
    const running = session.jobs().filter((job) => ['CREATED', 'RUNNING', 'RESTARTING'].includes(job.status()));
    if (session.jobsOutlive || running.length === 0 || this.warned) return true;
    this.warned = true;
    const jobs = running.length === 1 ? 'A job runs' : `${running.length} jobs run`;
    await this.screen.line(
      `${jobs} in this process and would end with it: leave once more to stop, SHOW JOBS to look.`,
    );
    return false;
  }
}
