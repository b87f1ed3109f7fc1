import type { DisplaySlot, MimeBundle } from '../core/display.js';
import { ArgumentError } from '../core/errors.js';
import type { CellHandle } from '../core/kernel.js';
import { beepSound } from './beep-sound.js';
import { grouped } from './cell.js';
import { compact } from './compact.js';
import { QUIET, segmentsHtml, strong, tint } from './html.js';
import { currentCell } from './notebook.js';
import { open } from './open.js';
import { cut, joined, type Segment, visible } from './visible.js';

/** How alerts are shown. */
export interface AlertOptions {
  /** How many of them are listed, the newest first. Default 5. */
  readonly top?: number;
  /** Whether a tone is heard, at most once a second, where the browser or the terminal allows it. Default: yes. */
  readonly sound?: boolean;
}

/** Raises an alert; as a function it fits `forEach`. */
export interface Alerts {
  (what?: unknown): void;
  /** How many there were. */
  readonly count: number;
}

/** One alert. */
interface Raised {
  readonly at: number;
  readonly what: Segment[];
}

const CHARACTERS = 200;
const SOUND_EVERY_MS = 1000;
/** The tone is over by then, and goes out of the page again: a notebook that is opened must not beep. */
const SOUND_MS = 600;
const ONE_LINE = 'white-space:nowrap;overflow:hidden;text-overflow:ellipsis;';

/** What is to be seen: how many alerts, and the last ones. A card of fixed height. */
export function alertsBundle(
  title: string,
  count: number,
  last: readonly Raised[],
  top: number,
  sounds = false,
): MimeBundle {
  const time = (at: number): string => new Date(at).toISOString().slice(11, 19);
  const rows = Array.from({ length: top }, (_, i) => {
    const one = last[i];
    if (one === undefined) return `<div style="height:1.5em;">&nbsp;</div>`;
    return `<div style="height:1.5em;${ONE_LINE}"><span style="font-variant-numeric:tabular-nums;${QUIET}">${time(one.at)}</span> ${segmentsHtml(one.what)}</div>`;
  });
  const label = visible(cut(title, 80).text);
  const head = `<div style="${ONE_LINE}">${strong(segmentsHtml(label))} <span style="display:inline-block;min-width:1.4em;text-align:center;border:1px solid;border-radius:9px;padding:0 .5em;${tint('border-color', count > 0 ? 'error' : 'stopped')}">${grouped(count)}</span></div>`;
  const sound = sounds ? `<audio autoplay="" src="${beepSound()}"></audio>` : '';
  const html = `<div role="log" style="max-width:52em;border-left:3px solid;${tint('border-left-color', count > 0 ? 'error' : 'stopped')}padding:.2em .9em;margin:.25em 0 .5em;line-height:1.5;font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,sans-serif);${tint('color', 'text')}">${head}${rows.join('')}${sound}</div>`;
  const lines = last.map((one) => `  ${time(one.at)} ${joined(one.what)}`);
  return { 'text/html': html, 'text/plain': [`${joined(label)}: ${grouped(count)}`, ...lines].join('\n') };
}

class AlertCard {
  count = 0;
  private last: Raised[] = [];
  private soundedAt = Number.NEGATIVE_INFINITY;
  private silence: NodeJS.Timeout | undefined;
  private readonly slot: DisplaySlot;

  constructor(
    private readonly title: string,
    private readonly options: AlertOptions,
    private readonly cell: CellHandle | undefined,
  ) {
    const { top = 5 } = options;
    if (!(Number.isInteger(top) && top >= 1 && top <= 100)) {
      throw new ArgumentError(`alerts: top is ${top}, not 1 to 100`);
    }
    this.slot = open(this.bundle(false), cell);
  }

  raise(what: unknown): void {
    this.count++;
    const part = cut(typeof what === 'string' ? what : compact(what, 1000).text, CHARACTERS);
    const text = visible(part.text, part.hidden === 0);
    if (part.hidden > 0) text.push({ text: '…', mark: true });
    this.last = [{ at: Date.now(), what: text }, ...this.last].slice(0, this.options.top ?? 5);
    const sounds = this.sounds();
    if (sounds && this.cell === undefined && process.stdout.isTTY) process.stdout.write('\u0007');
    this.slot.update(this.bundle(this.silence !== undefined));
  }

  /** Whether this alert is heard; the tone of the last one may still be sounding. */
  private sounds(): boolean {
    const now = performance.now();
    if (this.options.sound === false || now - this.soundedAt < SOUND_EVERY_MS) return false;
    this.soundedAt = now;
    if (this.cell !== undefined) {
      this.silence = setTimeout(() => {
        this.silence = undefined;
        this.slot.update(this.bundle(false), true);
      }, SOUND_MS);
    }
    return true;
  }

  private bundle(sounds: boolean): MimeBundle {
    return alertsBundle(this.title, this.count, this.last, this.options.top ?? 5, sounds);
  }
}

/**
 * A card that counts and lists alerts, with a tone where one can be heard. It stays below the cell that made it, also
 * when alerts come from a job in the background.
 *
 * @returns raises one: it fits `forEach`
 * @example
 *   const alarm = alerts('Payments over 5,000');
 *   streamEnv().fromElements({ amount: 7000 }).filter((p) => p.amount > 5000).forEach(alarm);
 */
export function alerts(title = 'Alerts', options: AlertOptions = {}): Alerts {
  const card = new AlertCard(title, options, currentCell());
  const raise = (what: unknown = ''): void => card.raise(what);
  return Object.defineProperty(raise, 'count', { get: () => card.count }) as Alerts;
}

// One card per cell; a cell is forgotten with its output.
const cards = new WeakMap<object, AlertCard>();
const TERMINAL = {};

/**
 * Raises an alert in the card of the cell that runs now; the first one opens it.
 *
 * @param what what it is about; shown in the card
 * @example
 *   if (payment.amount > 5000) beep(`${payment.name} pays ${payment.amount}`);
 */
export function beep(what: unknown = ''): void {
  const cell = currentCell();
  const owner = cell ?? TERMINAL;
  let card = cards.get(owner);
  if (card === undefined) {
    card = new AlertCard('Alerts', {}, cell);
    cards.set(owner, card);
  }
  card.raise(what);
}
