import { ArgumentError } from '../../core/errors.js';
import { keyIdOf } from '../../core/keys.js';
import type { TraceEvent } from '../../engine/inspect/trace.js';
import type {
  Fate,
  Moment,
  TimelineData,
  TimelineElement,
  TimelineFiring,
  TimelineStretch,
  TimelineTimer,
  TimelineWatermark,
} from './data.js';

interface Bounds {
  readonly start: number;
  readonly end: number;
}

/** A window while the trace is read. */
interface Life {
  readonly key: unknown;
  start: number;
  end: number;
  elements: number;
  since: Moment;
  last: Moment;
  stretches: TimelineStretch[];
  firings: TimelineFiring[];
  mergedInto: Bounds | undefined;
}

type Draft = { -readonly [K in keyof TimelineElement]: TimelineElement[K] } & {
  windows: Bounds[];
};

const WINDOW_KINDS = new Set(['window-assigned', 'fired', 'late', 'dropped', 'merged']);

/** The operators worth drawing: those with windows, or else those with event time. */
function operatorsOf(events: readonly TraceEvent[]): string[] {
  const windows = new Set<string>();
  const timed = new Map<string, number>();
  for (const { kind, operator, timestamp, key } of events) {
    if (WINDOW_KINDS.has(kind)) windows.add(operator);
    else if (kind === 'element') {
      // Keys and timestamps make a figure; what comes later in the program is nearer to the result.
      const worth = (key === undefined ? 0 : 2) + (timestamp !== undefined && Number.isFinite(timestamp) ? 1 : 0);
      timed.set(operator, Math.max(timed.get(operator) ?? 0, worth));
    } else if (kind === 'timer-fired') timed.set(operator, 4);
  }
  if (windows.size > 0) return [...windows];
  const [best] = [...timed].sort((a, b) => b[1] - a[1]);
  return best === undefined ? [] : [best[0]];
}

function boundsOf(value: unknown): Bounds | undefined {
  const { start, end } = (value ?? {}) as Partial<Bounds>;
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : undefined;
}

/** What came out of a firing: what the next operator got before anything else happened at this one. */
function resultsOf(events: readonly TraceEvent[], fired: number, operator: string): readonly unknown[] {
  const { value: own, detail } = events[fired] as TraceEvent;
  const told = (detail as { results?: unknown } | undefined)?.results;
  if (Array.isArray(told)) return told;
  const results: unknown[] = [];
  let below: string | undefined;
  for (let i = fired + 1; i < events.length; i++) {
    const event = events[i] as TraceEvent;
    if (event.operator === operator) {
      // The function's own state is read and written while it fires.
      if (event.kind === 'state-read' || event.kind === 'state-written' || event.kind === 'timer-set') continue;
      break;
    }
    if (event.kind !== 'element') continue;
    below ??= event.operator;
    if (event.operator === below) results.push(event.value);
  }
  return below === undefined ? (Array.isArray(own) ? own : [own]) : results;
}

/**
 * Reads what happened at one operator out of a trace.
 *
 * @param name the operator; default: the first one with windows
 * @throws ArgumentError naming the operators there are
 */
export function readTrace(events: readonly TraceEvent[], name: string | undefined, forgotten = 0): TimelineData {
  const found = operatorsOf(events);
  const operator = name ?? found[0] ?? '';
  if (name !== undefined && events.length > 0 && !events.some((event) => event.operator === name)) {
    const names = [...new Set(events.map((event) => event.operator))];
    throw new ArgumentError(`timeline: nothing of an operator \`${name}\` in the trace`, {
      hint: `operators: \`${names.join('`, `')}\``,
    });
  }
  return new Reader(operator, events).read(
    found.filter((one) => one !== operator),
    forgotten,
  );
}

class Reader {
  private readonly elements: Draft[] = [];
  private readonly lives: Life[] = [];
  private readonly open = new Map<string, Life>();
  private readonly watermarks: TimelineWatermark[] = [];
  private readonly timers: TimelineTimer[] = [];
  private readonly keys = new Map<unknown, { key: unknown; subtask: number }>();
  /** The watermarks of a subtask's inputs, and the smallest of them. */
  private readonly current = new Map<number, number[]>();
  private readonly lowest = new Map<number, number>();
  private readonly inputs: number;
  /** It has windows without bounds. */
  private endless = false;
  /** What came since a window without bounds fired, by key. */
  private readonly sinceFired = new Map<unknown, Draft[]>();
  private now: Moment = { step: 0, at: 0 };
  private between = false;

  constructor(
    private readonly operator: string,
    private readonly events: readonly TraceEvent[],
  ) {
    let inputs = 1;
    for (const event of events) {
      if (event.operator !== operator) continue;
      inputs = Math.max(inputs, inputOf(event));
      this.endless ||= event.kind === 'fired' && event.window === undefined;
    }
    this.inputs = inputs;
  }

  read(others: readonly string[], forgotten: number): TimelineData {
    let windows = false;
    for (const [i, event] of this.events.entries()) {
      if (event.operator !== this.operator) continue;
      windows ||= event.kind === 'window-assigned';
      this.take(event, i);
    }
    for (const life of this.open.values()) this.finish(life);
    return {
      operator: this.operator,
      others,
      keys: [...this.keys.values()].map(({ key }) => key),
      elements: this.elements,
      windows: this.lives,
      watermarks: this.watermarks,
      // Windows fire by timers, too; there the firings say more.
      timers: windows ? [] : this.timers,
      subtasks: [...this.keys.values()].map(({ subtask }) => subtask),
      forgotten,
    };
  }

  private take(event: TraceEvent, index: number): void {
    const { kind, at } = event;
    if (kind === 'element') {
      this.now = { step: Math.floor(this.now.step) + 1, at };
      this.between = false;
      this.element(event);
      return;
    }
    if (kind === 'watermark' || kind === 'timer-fired') {
      // The first of them comes half a step after the element; more of them take room of their own.
      const step = this.between ? this.now.step + 0.5 : Math.floor(this.now.step) + 0.5;
      this.now = { step, at };
      this.between = true;
    } else this.now = { step: this.now.step, at };
    if (kind === 'watermark') this.watermark(event);
    else if (kind === 'window-assigned') this.assigned(event);
    else if (kind === 'fired') this.fired(event, index);
    else if (kind === 'merged') this.merged(event);
    else if (kind === 'late' || kind === 'dropped') this.lost(event, kind);
    else if (kind === 'timer-fired' && event.timestamp !== undefined) {
      const { domain } = event.detail as { domain: TimelineTimer['domain'] };
      this.timers.push({ ...this.now, key: event.key, timestamp: event.timestamp, domain });
    }
  }

  private watermarkOf(subtask: number): number {
    return this.lowest.get(subtask) ?? Number.NEGATIVE_INFINITY;
  }

  private element({ key, value, timestamp, subtask }: TraceEvent): void {
    const id = idOf(key);
    if (!this.keys.has(id)) this.keys.set(id, { key, subtask });
    const watermark = this.watermarkOf(subtask);
    const time = timestamp !== undefined && Number.isFinite(timestamp) ? timestamp : undefined;
    const fate: Fate = time !== undefined && time <= watermark ? 'behind' : 'on-time';
    const element: Draft = { ...this.now, key, value, timestamp: time, fate, watermark, windows: [] };
    this.elements.push(element);
    if (!this.endless) return;
    const since = this.sinceFired.get(id);
    if (since === undefined) this.sinceFired.set(id, [element]);
    else since.push(element);
  }

  private watermark(event: TraceEvent): void {
    if (event.watermark === undefined) return;
    const { subtask } = event;
    const before = this.watermarkOf(subtask);
    const inputs = this.current.get(subtask) ?? Array<number>(this.inputs).fill(Number.NEGATIVE_INFINITY);
    inputs[inputOf(event) - 1] = event.watermark;
    this.current.set(subtask, inputs);
    // An operator with two inputs has the smaller watermark of the two.
    const watermark = Math.min(...inputs);
    this.lowest.set(subtask, watermark);
    if (watermark > before) this.watermarks.push({ ...this.now, watermark, subtask });
  }

  private lost({ value, subtask }: TraceEvent, fate: Fate): void {
    const last = this.elements.at(-1);
    if (last?.step === this.now.step && Object.is(last.value, value)) last.fate = fate;
    else this.element({ value, subtask } as TraceEvent);
  }

  private life(key: unknown, { start, end }: Bounds): Life {
    const id = `${idText(key)} ${start} ${end}`;
    let life = this.open.get(id);
    if (life === undefined) {
      const moment = this.now;
      life = {
        key,
        start,
        end,
        elements: 0,
        since: moment,
        last: moment,
        stretches: [],
        firings: [],
        mergedInto: undefined,
      };
      this.open.set(id, life);
      this.lives.push(life);
    }
    return life;
  }

  private assigned({ key, window }: TraceEvent): void {
    const bounds = boundsOf(window);
    if (bounds === undefined) return;
    const life = this.life(key, bounds);
    life.elements++;
    life.last = this.now;
    this.elements.at(-1)?.windows.push(bounds);
  }

  private fired(event: TraceEvent, index: number): void {
    const bounds = boundsOf(event.window);
    const life = bounds === undefined ? this.endlessLife(event.key) : this.life(event.key, bounds);
    const watermark = this.watermarkOf(event.subtask);
    // Windows that end by the clock fire without any watermark, and those without an end whenever their trigger says so.
    const clock = watermark === Number.NEGATIVE_INFINITY ? event.at : watermark;
    const reached = bounds === undefined || clock >= bounds.end - 1;
    const before = life.firings.some((firing) => firing.pane !== 'early');
    const pane = !reached ? 'early' : before ? 'late' : 'on-time';
    const results = resultsOf(this.events, index, this.operator);
    life.firings.push({ ...this.now, pane, watermark, results });
    life.last = this.now;
  }

  /** A window without bounds (of a count): as wide as what came since it fired last. */
  private endlessLife(key: unknown): Life {
    const mine = this.sinceFired.get(idOf(key)) ?? [];
    this.sinceFired.delete(idOf(key));
    let start = Number.POSITIVE_INFINITY;
    let end = Number.NEGATIVE_INFINITY;
    for (const { timestamp, at } of mine) {
      start = Math.min(start, timestamp ?? at);
      end = Math.max(end, timestamp ?? at);
    }
    const first = mine[0] ?? this.now;
    const from: Moment = { step: first.step, at: first.at };
    if (mine.length === 0) start = end = this.now.at;
    const life: Life = {
      key,
      start,
      end,
      elements: mine.length,
      since: from,
      last: this.now,
      stretches: [{ from, to: this.now, start, end }],
      firings: [],
      mergedInto: undefined,
    };
    this.lives.push(life);
    return life;
  }

  private merged({ key, detail }: TraceEvent): void {
    const { result, merged } = (detail ?? {}) as { result?: unknown; merged?: readonly unknown[] };
    const into = boundsOf(result);
    if (into === undefined) return;
    const parts = (merged ?? []).map(boundsOf).filter((part): part is Bounds => part !== undefined);
    const lives = parts
      .map((part) => this.open.get(`${idText(key)} ${part.start} ${part.end}`))
      .filter((life): life is Life => life !== undefined);
    // The oldest of them goes on under new bounds; the others end here.
    const [oldest] = [...lives].sort((a, b) => a.since.step - b.since.step);
    for (const life of lives) {
      this.open.delete(`${idText(key)} ${life.start} ${life.end}`);
      life.last = this.now;
      this.stretch(life);
      if (life === oldest) {
        life.start = into.start;
        life.end = into.end;
        life.since = this.now;
        this.open.set(`${idText(key)} ${into.start} ${into.end}`, life);
      } else life.mergedInto = into;
    }
    for (const life of lives) if (life !== oldest && oldest !== undefined) oldest.elements += life.elements;
  }

  private stretch(life: Life): void {
    life.stretches.push({ from: life.since, to: life.last, start: life.start, end: life.end });
  }

  private finish(life: Life): void {
    // What has not fired stays open until the trace ends.
    if (life.firings.length === 0) life.last = this.now;
    this.stretch(life);
  }
}

/** Which of the operator's inputs a watermark is of, from 1. */
function inputOf({ detail }: TraceEvent): number {
  const { input } = (detail ?? {}) as { input?: unknown };
  return typeof input === 'number' ? input : 1;
}

function idText(key: unknown): string {
  const id = idOf(key);
  return `${typeof id}${String(id)}`;
}

/** Keys of traces are keys of streams, but a trace may have been written by hand. */
function idOf(key: unknown): unknown {
  try {
    return keyIdOf(key);
  } catch {
    return key;
  }
}
