// What the reader sees while things are set up: one line a step, with its time; and one clear sentence when one fails.

/** Something the reader can mend: what is wrong, and what to do next. */
export class SetupError extends Error {
  /**
   * @param {string} message what is wrong, one sentence
   * @param {string} hint what to do next
   * @param {string} [detail] the last lines of the program that failed
   */
  constructor(message, hint, detail) {
    super(message);
    this.name = 'SetupError';
    this.hint = hint;
    this.detail = detail;
  }
}

/** Stops what is going on because the reader asked for it. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

const NAME_WIDTH = 14;
const DETAIL_WIDTH = 50;
const FRAMES = ['|', '/', '-', '\\'];

/** @param {number} ms */
export function inSeconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * The list of steps. Steps may run side by side: each is printed when it ends. On a terminal, a last line says what is
 * being done; elsewhere long steps say so once when they begin.
 */
export class Steps {
  /**
   * @param {object} [options]
   * @param {NodeJS.WritableStream & { isTTY?: boolean, columns?: number }} [options.out] default: standard output
   * @param {boolean} [options.quiet] print a step only when it did something or failed
   */
  constructor({ out = process.stdout, quiet = false } = {}) {
    this.out = out;
    this.quiet = quiet;
    this.live = out.isTTY === true && process.env.CI === undefined && process.env.TERM !== 'dumb';
    /** @type {Map<string, { since: number, doing: string }>} */
    this.running = new Map();
    /** @type {NodeJS.Timeout | undefined} */
    this.timer = undefined;
    this.frame = 0;
    this.closed = false;
    /** @type {{ step: string, error: unknown }[]} */
    this.failures = [];
  }

  /**
   * Runs one step and prints its line.
   *
   * @template T
   * @param {string} name
   * @param {(doing: (text: string) => void) => Promise<{ detail: string, value: T, unchanged?: boolean }>} work
   *   calls `doing` when something long begins
   * @returns {Promise<T>}
   */
  async run(name, work) {
    const entry = { since: performance.now(), doing: '' };
    this.running.set(name, entry);
    this.#spin();
    try {
      const { detail, value, unchanged } = await work((text) => {
        entry.doing = text;
        if (!this.live) this.line(`  ..  ${name.padEnd(NAME_WIDTH)} ${text}`);
      });
      this.running.delete(name);
      if (!(this.quiet && unchanged === true)) this.#ended('ok', name, detail, performance.now() - entry.since);
      return value;
    } catch (error) {
      this.running.delete(name);
      if (!(error instanceof Interrupted)) {
        this.failures.push({ step: name, error });
        this.#ended(
          '!!',
          name,
          error instanceof SetupError ? error.message : 'failed',
          performance.now() - entry.since,
        );
      }
      throw error;
    } finally {
      this.#spin();
    }
  }

  /**
   * @param {string} mark
   * @param {string} name
   * @param {string} detail
   * @param {number} ms
   */
  #ended(mark, name, detail, ms) {
    // What an interruption has ended did not fail.
    if (this.closed) return;
    this.line(`  ${mark}  ${name.padEnd(NAME_WIDTH)} ${detail.padEnd(DETAIL_WIDTH)} ${inSeconds(ms).padStart(7)}`);
  }

  /**
   * Prints a line of its own.
   * @param {string} text
   */
  line(text) {
    this.#wipe();
    this.out.write(`${text}\n`);
    this.#draw();
  }

  /** The moving line exists only while something runs. */
  #spin() {
    if (!this.live) return;
    if (this.running.size > 0 && this.timer === undefined) {
      this.timer = setInterval(() => {
        this.frame += 1;
        this.#wipe();
        this.#draw();
      }, 120);
      this.timer.unref();
    } else if (this.running.size === 0 && this.timer !== undefined) {
      clearInterval(this.timer);
      this.timer = undefined;
      this.#wipe();
    }
  }

  #draw() {
    if (!this.live || this.timer === undefined || this.running.size === 0) return;
    const now = performance.now();
    const parts = [...this.running].map(
      ([name, { since, doing }]) =>
        `${name}${doing === '' ? '' : `: ${doing}`} (${Math.round((now - since) / 1000)} s)`,
    );
    const text = `  ${FRAMES[this.frame % FRAMES.length]}   ${parts.join(', ')}`;
    this.out.write(text.slice(0, (this.out.columns || 80) - 1));
  }

  #wipe() {
    if (this.live) this.out.write('\r\u001b[K');
  }

  /** Leaves the terminal as it was found; steps that end later are not shown. */
  close() {
    if (this.timer !== undefined) clearInterval(this.timer);
    this.timer = undefined;
    this.closed = true;
    this.running.clear();
    this.#wipe();
  }
}

/**
 * The last lines of a program's output, for a message.
 * @param {string} text
 * @param {number} [lines]
 */
export function tail(text, lines = 12) {
  return text.trimEnd().split(/\r?\n/).slice(-lines).join('\n');
}
