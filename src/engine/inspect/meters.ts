import type { StreamNode } from '../graph/graph.js';
import type { Topology } from '../run/topology.js';

/** How far one subtask had come. */
interface Counts {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly blockedMs: number;
}

interface Sample {
  /** On `performance.now()`. */
  readonly at: number;
  readonly counts: ReadonlyMap<string, Counts>;
  readonly blockedMs: number;
  readonly idleMs: number;
}

/** Rates are over the last ten seconds or so, in steps of one. */
const STEP_MS = 1000;
const SAMPLES = 11;

/** What is measured of a whole execution, ms. */
export interface Totals {
  readonly blockedMs: number;
  readonly idleMs: number;
}

/** Changes per second. */
export interface Rates {
  readonly recordsIn: number;
  readonly recordsOut: number;
  /** A share of the time, 0 to 1. */
  readonly blocked: number;
}

/** Remembers counts, once a second, to tell how fast they rise now. */
export class Meters {
  private readonly samples: Sample[] = [];
  private nextAt = 0;
  private endedAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly topology: () => Topology,
    private readonly totals: () => Totals,
  ) {}

  /** To be called often, from the loop. */
  tick(now: number): void {
    if (now < this.nextAt) return;
    this.nextAt = now + STEP_MS;
    this.samples.push(this.sample(now));
    if (this.samples.length > SAMPLES) this.samples.shift();
  }

  /** Nothing rises any more: rates stay those of the last ten seconds before. */
  end(): void {
    this.endedAt = performance.now();
  }

  /** How much rose since about ten seconds ago, and the time it took. */
  since(now = Math.min(performance.now(), this.endedAt)): {
    readonly ms: number;
    readonly rates: (id: string) => Rates;
    readonly all: Totals;
  } {
    // Where nothing has happened for long, nothing was remembered either: the newest is the one to compare with.
    const recent = this.samples.find((one) => now - one.at <= SAMPLES * STEP_MS) ?? this.samples.at(-1);
    const current = this.sample(now);
    const ms = recent === undefined ? 0 : now - recent.at;
    const perSecond = (difference: number): number => (ms > 0 ? Math.max(0, (difference * 1000) / ms) : 0);
    return {
      ms,
      rates: (id) => {
        const before = recent?.counts.get(id) ?? NONE;
        const after = current.counts.get(id) ?? NONE;
        return {
          recordsIn: perSecond(after.recordsIn - before.recordsIn),
          recordsOut: perSecond(after.recordsOut - before.recordsOut),
          blocked: Math.min(1, perSecond(after.blockedMs - before.blockedMs) / 1000),
        };
      },
      all: {
        blockedMs: current.blockedMs - (recent?.blockedMs ?? 0),
        idleMs: current.idleMs - (recent?.idleMs ?? 0),
      },
    };
  }

  private sample(at: number): Sample {
    const topology = this.topology();
    const counts = new Map<string, Counts>();
    for (const source of topology.sources) {
      const recordsOut = source.count;
      counts.set(subtaskId(source.node, source.subtask), { recordsIn: 0, recordsOut, blockedMs: 0 });
    }
    for (const { node, context, gates } of topology.operators) {
      const recordsIn = gates.reduce((sum, gate) => sum + gate.recordsIn(), 0);
      const recordsOut = recordsOutOf(topology, node, context.subtask);
      counts.set(subtaskId(node, context.subtask), { recordsIn, recordsOut, blockedMs: context.blockedMs });
    }
    return { at, counts, ...this.totals() };
  }
}

const NONE: Counts = { recordsIn: 0, recordsOut: 0, blockedMs: 0 };

/** Names a subtask within an execution. */
export function subtaskId(node: StreamNode, subtask: number): string {
  return `${node.id}/${subtask}`;
}

/** How many elements an operator subtask has put into its main output; with several readers, each got as many. */
export function recordsOutOf(topology: Topology, node: StreamNode, subtask: number): number {
  const channels = topology.mainChannels.get(node)?.[subtask] ?? [];
  return channels.reduce((sum, channel) => sum + channel.count, 0);
}
