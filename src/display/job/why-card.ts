import type { MimeBundle } from '../../core/display.js';
import type { Why, WhyReason } from '../../engine/inspect/why.js';
import { type Colour, escapeHtml, QUIET, segmentsHtml, strong, tint } from '../html.js';
import { View } from '../view.js';
import { cut, joined, type Segment, visible } from '../visible.js';

/** What a reason means, and what to do about it, to somebody who meets it for the first time. */
const WORDS: Readonly<Record<WhyReason['kind'], readonly [heading: string, todo: string, colour: Colour]>> = {
  failed: ['The job failed', 'The error says where. Mend it and run the cell again.', 'error'],
  ended: ['The job has ended', 'What was to come out is out. Run it again to see more.', 'stopped'],
  'no-input': [
    'Nothing comes in',
    'Is there anything in the source, and does the job read from its beginning?',
    'warning',
  ],
  'no-watermark': [
    'Nobody says how late it is',
    'Event-time windows close by the watermark. Give every input timestamps: assignTimestampsAndWatermarks(...).',
    'warning',
  ],
  'held-back': [
    'Somebody holds event time back',
    'The watermark is the smallest of all inputs. One without elements stops it, unless withIdleness(...) leaves it out.',
    'warning',
  ],
  idle: ['An input is idle', 'It holds nothing back; the others go on without it.', 'stopped'],
  'open-windows': [
    'Windows are still open',
    'They close when later elements raise the watermark past their end, or when the input ends.',
    'brand',
  ],
  'waits-for-clock': [
    'It waits for the clock',
    'Processing time decides here: wait, or move a virtual clock on with advance(...).',
    'brand',
  ],
  'fires-timers': [
    'It fires timers',
    'Event time went past all of them at once; nothing else goes on meanwhile.',
    'brand',
  ],
  late: [
    'Elements came too late',
    'Their windows had closed: allow more lateness, a longer delay of the watermark, or catch them with sideOutputLateData(...).',
    'warning',
  ],
  filtered: ['Elements are left out on the way', 'Is the condition the one you meant?', 'warning'],
  full: ['It is jammed', 'Somebody below is slower than the sources; they wait for it.', 'warning'],
  aligned: ['A source waits for slower ones', 'Sources of an alignment group keep together.', 'brand'],
  'waits-for-answers': ['It waits for answers', 'Asynchronous calls are under way; results come with them.', 'brand'],
  'waits-for-checkpoint': [
    'Results wait for a checkpoint',
    'What is written exactly once becomes visible when the next checkpoint is complete.',
    'brand',
  ],
  'odd-timestamps': [
    'Timestamps look wrong',
    'They are milliseconds since 1970. Seconds, or a date of another century, close windows long ago or never.',
    'warning',
  ],
};

const MOST_REASONS = 12;
const CHARACTERS = 600;

function text(value: string): Segment[] {
  const part = cut(value, CHARACTERS);
  const segments = visible(part.text, part.hidden === 0);
  if (part.hidden > 0) segments.push({ text: '…', mark: true });
  return segments;
}

/** An error's message says in a line of its own where it was. */
function linesHtml(sentence: string): string {
  const part = cut(sentence, CHARACTERS);
  const lines = part.text.split('\n').map((line) => segmentsHtml(visible(line.trim(), part.hidden === 0)));
  return lines.join('<br>') + (part.hidden > 0 ? `<span style="${QUIET}">…</span>` : '');
}

function reasonHtml({ operator, kind, text: sentence }: WhyReason): string {
  const [heading, todo, colour] = WORDS[kind];
  const where = `<code style="font-size:.92em;">${segmentsHtml(text(operator))}</code>`;
  return `<div style="border-left:3px solid;${tint('border-left-color', colour)}padding:.1em .9em .2em;margin:.6em 0;"><div>${strong(escapeHtml(heading))} <span style="${QUIET}">in ${where}</span></div><div style="overflow-wrap:break-word;">${linesHtml(sentence)}</div><div style="${QUIET}">${escapeHtml(todo)}</div></div>`;
}

/** The answer to "why is there no output?" as a card. */
export function whyBundle(why: Why): MimeBundle {
  const shown = why.reasons.slice(0, MOST_REASONS);
  const hidden = why.reasons.length - shown.length;
  const more = hidden > 0 ? `and ${hidden} more` : '';
  const nothing = 'Nothing holds results back: elements pass as they come.';
  const body = shown.length === 0 ? `<div style="margin:.6em 0;">${nothing}</div>` : shown.map(reasonHtml).join('');
  const html = `<div style="max-width:52em;margin:.25em 0 .5em;font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,sans-serif);line-height:1.45;${tint('color', 'text')}"><div style="font-size:1.1em;">${strong('Why is there no output?')}</div>${body}${more === '' ? '' : `<div style="${QUIET}">${more}</div>`}</div>`;
  const lines = shown.map(({ operator, kind, text: sentence }) => {
    const [heading, todo] = WORDS[kind];
    return `- ${heading} (${joined(text(operator))}): ${joined(text(sentence))}\n  hint: ${todo}`;
  });
  const plain = shown.length === 0 ? nothing : ['Why is there no output?', ...lines, more].filter(Boolean).join('\n');
  return { 'text/html': html, 'text/plain': plain };
}

/** Why a job puts nothing out: a card, and the same as data. */
export class WhyView extends View {
  readonly reasons: readonly WhyReason[];

  /** @internal Use `why(job)`. */
  constructor(private readonly why: Why) {
    super();
    this.reasons = why.reasons;
  }

  override async bundle(): Promise<MimeBundle> {
    return whyBundle(this.why);
  }

  /** The sentences, a line each. */
  override toString(): string {
    return this.why.toString();
  }
}

/**
 * Why a job puts nothing out (yet): a card that says what holds results back, and what to do about it. As data: its
 * `reasons`; as text: `String(why(job))`.
 *
 * @example
 *   await why(job); // windows: 1 window open; the next, ..., closes when the watermark reaches ...
 */
export function why(job: { why(): Why }): WhyView {
  return new WhyView(job.why());
}
