import { getHeapStatistics } from 'node:v8';
import type { Topology } from './topology.js';

/** How often the heap is looked at. */
const EVERY_MS = 1000;
/** The share of the largest possible heap from which on there is something to say. */
const FULL = 0.75;

/**
 * Warns, once per job, before state that only grows has used up the memory: which operator holds how much, and what helps.
 */
export class MemoryWatch {
  private next = 0;
  private told = false;

  constructor(
    private readonly heap: () => { used: number; limit: number } = heapNow,
    private readonly tell: (message: string) => void = (message) => console.warn(message),
  ) {}

  /** To be called now and then. @param now `performance.now()` */
  look(now: number, topology: Topology): void {
    if (this.told || now < this.next) return;
    this.next = now + EVERY_MS;
    const { used, limit } = this.heap();
    if (used < limit * FULL) return;
    const largest = largestState(topology);
    // Somebody else's memory: a notebook's own arrays, say.
    if (largest === undefined || largest.entries < LEAST_ENTRIES) return;
    this.told = true;
    const { name, entries } = largest;
    this.tell(
      `the memory is ${Math.round((used / limit) * 100)} % full (${mib(used)} of ${mib(limit)} MiB), and ${name} keeps ` +
        `${entries.toLocaleString('en-US')} values in its state\n` +
        '  hint: state per key stays until it is cleared: use windows, enableTimeToLive(...) or clear(), or fewer keys; ' +
        'NODE_OPTIONS=--max-old-space-size=8192 gives the process more',
    );
  }
}

const LEAST_ENTRIES = 10_000;

function largestState(topology: Topology): { name: string; entries: number } | undefined {
  const byName = new Map<string, number>();
  for (const { context } of topology.operators) {
    if (!context.isKeyed) continue;
    let entries = 0;
    for (const table of context.keyed().tables.values()) entries += table.size();
    byName.set(context.name, (byName.get(context.name) ?? 0) + entries);
  }
  const [largest] = [...byName].sort((a, b) => b[1] - a[1]);
  return largest === undefined ? undefined : { name: largest[0], entries: largest[1] };
}

function heapNow(): { used: number; limit: number } {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return { used: used_heap_size, limit: heap_size_limit };
}

function mib(bytes: number): string {
  return Math.round(bytes / 1024 / 1024).toLocaleString('en-US');
}
