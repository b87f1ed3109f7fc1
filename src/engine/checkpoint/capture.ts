import type { KeyId } from '../../core/keys.js';
import { checkSerialisable, ValueWriter } from '../../core/serialise/index.js';
import { during } from '../errors.js';
import { parallelismOf, stateIdOf } from '../graph/graph.js';
import type { OperatorContext } from '../operator-context.js';
import type { Execution } from '../run/execution.js';
import type { SourceTask } from '../run/source-task.js';
import type { StateTable } from '../state/table.js';
import type { RestoredTimers, TimeDomain } from '../time/timer-service.js';
import type { Timers } from '../time/timers.js';
import { Mark, type OperatorPart, type Snapshot, type SnapshotMeta, type SubtaskPart } from './snapshot.js';

/** Entries between two looks at the clock. */
const STRIDE = 256;
/** A block is taken when it is larger than this. */
const BLOCK_BYTES = 1 << 18;

/**
 * Writes the state of a job that stands still, in pieces: whoever goes through the generator may do something else after
 * each, as long as no element enters.
 */
export function* capture(
  execution: Pick<Execution, 'topology' | 'graph'>,
  head: Omit<SnapshotMeta, 'operators'>,
): Generator<void, Snapshot> {
  const { topology, graph } = execution;
  const blocks: Uint8Array[] = [];
  const operators: OperatorPart[] = [];
  for (const node of graph.nodes) {
    const subtasks: SubtaskPart[] = [];
    if (node.source !== undefined) {
      for (const source of topology.sources) {
        if (source.node !== node) continue;
        subtasks.push({
          firstBlock: blocks.length,
          blocks: 0,
          finished: source.ended,
          position: positionOf(source, head.id),
        });
      }
    } else {
      for (const task of topology.operators) {
        if (task.node !== node) continue;
        const firstBlock = blocks.length;
        yield* writeSubtask(task.context, blocks);
        subtasks.push({ firstBlock, blocks: blocks.length - firstBlock, finished: task.context.finished });
      }
    }
    if (subtasks.length !== parallelismOf(node)) continue;
    operators.push({ uid: stateIdOf(node, graph), name: node.name, source: node.source !== undefined, subtasks });
  }
  return { meta: { ...head, operators }, blocks };
}

function positionOf(source: SourceTask, id: number): unknown {
  try {
    const position = source.reader.position();
    checkSerialisable(position, 'the position');
    return position;
  } catch (error) {
    throw during(source, `while it told its position for checkpoint ${id}`, error);
  }
}

class Blocks {
  readonly writer = new ValueWriter();
  private written = false;

  constructor(private readonly blocks: Uint8Array[]) {}

  cut(): void {
    if (this.writer.size < BLOCK_BYTES) return;
    this.blocks.push(this.writer.take());
    this.written = true;
  }

  end(): void {
    // A writer that wrote nothing holds a version byte only.
    if (this.writer.size > 1 || this.written) this.blocks.push(this.writer.take());
  }
}

function* writeSubtask(context: OperatorContext, blocks: Uint8Array[]): Generator<void> {
  const out = new Blocks(blocks);
  const { writer } = out;
  if (context.isKeyed) {
    for (const table of context.keyed().tables.values()) yield* writeTable(out, table, context.name);
    for (const service of context.timerServices()) {
      yield* writeTimers(out, service.name, 'event', service.eventTime);
      yield* writeTimers(out, service.name, 'processing', service.processingTime);
    }
    // Of services that the program has not asked for (yet): what a snapshot brought along goes on into the next.
    for (const { keys, ...head } of context.unclaimedTimers()) yield* writeSlot(out, head, keys.length, keys);
  }
  for (const [name, list] of context.operatorState.lists) {
    writeVersion(out, list.version);
    writer.write(list.union ? Mark.UNION : Mark.LIST);
    writer.write(name);
    writer.write(list.get().length);
    for (const item of list.get()) {
      writer.write(item, `operator state \`${name}\` of ${context.name}: value`);
      out.cut();
    }
  }
  for (const [name, state] of context.operatorState.broadcasts) {
    writeVersion(out, state.version);
    writer.write(Mark.BROADCAST);
    writer.write(name);
    const entries = state.entries();
    writer.write(entries.length);
    for (const [key, value] of entries) {
      writer.write(key, `broadcast state \`${name}\` of ${context.name}: key`);
      writer.write(value, `broadcast state \`${name}\` of ${context.name}: value`);
      out.cut();
    }
  }
  out.end();
}

/** Of the operator state that comes next; the first version is not written. */
function writeVersion({ writer }: Blocks, version: number): void {
  if (version === 1) return;
  writer.write(Mark.VERSION);
  writer.write(version);
}

function* writeTable(out: Blocks, table: StateTable<unknown>, operator: string): Generator<void> {
  const { writer } = out;
  writer.write(Mark.TABLE);
  writer.write(table.name);
  writer.write(table.kind);
  writer.write(table.version);
  const { timed } = table;
  const what = `state \`${table.name}\` of ${operator}: value`;
  for (const space of table.spaces.values()) {
    if (space.cells.size === 0) continue;
    writer.write(Mark.SPACE);
    writer.write(space.id);
    writer.write(space.namespace, `state \`${table.name}\` of ${operator}: namespace`);
    writer.write(timed);
    writer.write(space.cells.size);
    let count = 0;
    for (const [key, cell] of space.cells) {
      writer.write(key);
      writer.write(cell.value, what);
      if (timed) writer.write(cell.touchedAt);
      if (++count % STRIDE !== 0) continue;
      out.cut();
      yield;
    }
  }
}

function* writeTimers(out: Blocks, name: string, domain: TimeDomain, queue: Timers<unknown>): Generator<void> {
  if (queue.size === 0) return;
  for (const [timestamp, id, namespace, keys] of queue.slots()) {
    yield* writeSlot(out, { name, domain, timestamp, id, namespace }, keys.size, keys);
  }
}

function* writeSlot(
  out: Blocks,
  head: Omit<RestoredTimers, 'keys'>,
  size: number,
  keys: Iterable<KeyId>,
): Generator<void> {
  const { writer } = out;
  writer.write(Mark.TIMERS);
  writer.write(head, `the timers \`${head.name}\``);
  writer.write(size);
  let count = 0;
  for (const key of keys) {
    writer.write(key);
    if (++count % STRIDE !== 0) continue;
    out.cut();
    yield;
  }
}
