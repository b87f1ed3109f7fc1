import { getHeapStatistics } from 'node:v8';
import { JavaOrderedMap } from '../../core/java-ordered-map.js';
import type { OperatorContext } from '../operator-context.js';
import { TimedValue } from '../state/collections.js';
import type { StateTable } from '../state/table.js';
import type { Topology } from './topology.js';

/** How long nothing is looked at after there was nothing to say, ms: who keeps what has to be counted. */
const PAUSE_MS = 1000;
/** The share of the memory for what lasts from which on there is something to say. */
const FULL = 0.75;
/** V8 counts the room for new objects into the limit, three half-spaces of 16 MiB; what lasts never gets it. */
const YOUNG_BYTES = 48 * 1024 * 1024;
/** Nobody fills memory faster: what there is room for need not be looked at sooner. */
const BYTES_PER_MS = 4 * 1024 * 1024;
const LONGEST_MS = 100;
const LEAST_VALUES = 10_000;
/** How many values of a state are looked into. */
const SAMPLE = 1000;

/** Somebody who keeps values. */
export interface Keeper {
  readonly name: string;
  readonly values: number;
}

const STATE_HINT =
  'what is kept stays until it is cleared: windows with reduce() or aggregate(), enableTimeToLive(...), clear() or fewer keys keep less';

/**
 * Warns, once per job, before what only grows has used up the memory: who keeps how much, and what helps.
 */
export class MemoryWatch {
  private next = 0;
  private told = false;

  constructor(
    private readonly heap: () => { used: number; limit: number } = heapNow,
    private readonly tell: (message: string) => void = (message) => console.warn(message),
    private readonly hint = STATE_HINT,
  ) {}

  /**
   * To be called often: a small memory fills within a second.
   *
   * @param now `performance.now()`
   */
  look(now: number, keepers: () => Iterable<Keeper>): void {
    if (this.told || now < this.next) return;
    const { used, limit } = this.heap();
    const room = limit * FULL - used;
    if (room > 0) {
      this.next = now + Math.min(room / BYTES_PER_MS, LONGEST_MS);
      return;
    }
    this.next = now + PAUSE_MS;
    const [largest] = [...keepers()].sort((a, b) => b.values - a.values);
    // Somebody else's memory: a notebook's own arrays, say.
    if (largest === undefined || largest.values < LEAST_VALUES) return;
    this.told = true;
    this.tell(
      `the memory is ${Math.round((used / limit) * 100)} % full (${mib(used)} of ${mib(limit)} MiB), and ${largest.name} ` +
        `keeps ${largest.values.toLocaleString('en-US')} values\n` +
        `  hint: ${this.hint}; NODE_OPTIONS=--max-old-space-size=8192 gives the process more`,
    );
  }
}

/** The operators of a job, with what they keep in state and timers. */
export function* keepersIn(topology: Topology): Generator<Keeper> {
  for (const { context } of topology.operators) yield { name: context.name, values: valuesIn(context) };
}

function valuesIn(context: OperatorContext): number {
  let values = 0;
  if (context.isKeyed) {
    for (const table of context.keyed().tables.values()) values += valuesOf(table);
    for (const { eventTime, processingTime } of context.timerServices()) values += eventTime.size + processingTime.size;
  }
  const { lists, broadcasts } = context.operatorState;
  for (const list of lists.values()) values += list.get().length;
  for (const state of broadcasts.values()) values += state.size;
  return values;
}

/** Lists and maps count with what is in them: a single key can keep everything. */
function valuesOf(table: StateTable<unknown>): number {
  let seen = 0;
  let values = 0;
  for (const { cells } of table.spaces.values()) {
    for (const cell of cells.values()) {
      if (++seen > SAMPLE) return Math.round((values / SAMPLE) * table.size());
      values += weight(cell.value);
    }
  }
  return values;
}

/** How many values there are in one: nothing is looked into deeper than the lists in a map. */
function weight(value: unknown, depth = 3): number {
  if (value instanceof TimedValue) return weight(value.value, depth);
  if (value instanceof JavaOrderedMap || value instanceof Map) return ofAll(value.size, value.entries(), depth);
  if (value instanceof Set) return value.size;
  return Array.isArray(value) ? ofAll(value.length, value, depth) : 1;
}

function ofAll(size: number, items: Iterable<unknown>, depth: number): number {
  if (depth === 0 || size > SAMPLE) return size;
  let sum = 0;
  for (const item of items) sum += weight(item, depth - 1);
  return Math.max(size, sum);
}

function heapNow(): { used: number; limit: number } {
  const { used_heap_size: used, heap_size_limit } = getHeapStatistics();
  return { used, limit: Math.max(heap_size_limit - YOUNG_BYTES, heap_size_limit / 2) };
}

function mib(bytes: number): string {
  return Math.round(bytes / 1024 / 1024).toLocaleString('en-US');
}
