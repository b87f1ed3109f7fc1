import { StreambookError } from '../../core/errors.js';
import { keyGroupOf, subtaskOfKeyGroup } from '../../core/key-groups.js';
import type { KeyId } from '../../core/keys.js';
import { ClassVersionError, DamagedValueError, ValueReader } from '../../core/serialise/index.js';
import { parallelismOf, type StreamGraph, type StreamNode, stateIdOf } from '../graph/graph.js';
import type { OperatorContext } from '../operator-context.js';
import type { OperatorTask } from '../run/topology.js';
import { Cell, StateTable } from '../state/table.js';
import type { RestoredTimers } from '../time/timer-service.js';
import type { NamespaceId } from '../time/timers.js';
import { Mark, type OperatorPart, type Snapshot, type SubtaskPart } from './snapshot.js';

/** Raised when a snapshot and the program do not fit together. */
export class SnapshotMismatchError extends StreambookError {
  constructor(message: string, hint: string) {
    super('snapshot-mismatch', message, { hint });
  }
}

/** A snapshot beside the graph that goes on from it. */
export class RestorePlan {
  /** What was left out because that was allowed. */
  readonly lost: readonly string[];
  private readonly parts = new Map<string, OperatorPart>();
  private readonly positions = new Map<StreamNode, readonly unknown[]>();

  /**
   * @param allowNonRestoredState leave out state whose operator is not in the program any more
   * @throws SnapshotMismatchError naming what the program does not have
   */
  constructor(
    readonly snapshot: Snapshot,
    private readonly graph: StreamGraph,
    maxParallelism: number,
    allowNonRestoredState: boolean,
  ) {
    const { meta } = snapshot;
    if (meta.maxParallelism !== maxParallelism) {
      throw new SnapshotMismatchError(
        `the snapshot was taken with maximum parallelism ${meta.maxParallelism}, this job has ${maxParallelism}`,
        `streamEnv({ maxParallelism: ${meta.maxParallelism} }): the number of key groups cannot change`,
      );
    }
    const present = new Map(graph.nodes.map((node) => [stateIdOf(node, graph), node]));
    const lost: string[] = [];
    for (const part of meta.operators) {
      const node = present.get(part.uid);
      const now = node === undefined || part.source === (node.source !== undefined) ? '' : `, now ${node.name}`;
      if (node !== undefined && now === '') this.parts.set(part.uid, part);
      else if (part.source || part.subtasks.some((subtask) => subtask.blocks > 0))
        lost.push(`\`${part.uid}\` (${part.name}${now})`);
    }
    if (lost.length > 0 && !allowNonRestoredState) {
      const ids = [...present].map(([uid, node]) => `\`${uid}\` (${node.name})`).join(', ');
      throw new SnapshotMismatchError(
        `the snapshot holds state of ${lost.join(', ')}, which this program does not have`,
        `the program has ${ids}; give operators the uid they had with .uid(...), or leave that state out with { allowNonRestoredState: true }`,
      );
    }
    this.lost = lost;
    for (const node of graph.nodes) this.checkSource(node);
  }

  /** Where a source's subtask goes on; `undefined`: from its beginning. */
  position(node: StreamNode, subtask: number): unknown {
    let positions = this.positions.get(node);
    if (positions === undefined) {
      const before = (this.parts.get(stateIdOf(node, this.graph))?.subtasks ?? []).map((part) => part.position);
      // Also where as many subtasks are left: what there is to read may have changed.
      positions = before.length === 0 ? [] : (node.source?.redistribute?.(before, parallelismOf(node)) ?? before);
      this.positions.set(node, positions);
    }
    return positions[subtask];
  }

  /** Fills the state of a subtask, before it is opened. @throws DamagedValueError */
  fill(task: OperatorTask): void {
    const part = this.parts.get(task.context.uid);
    if (part === undefined) return;
    const { context } = task;
    context.restored = true;
    context.finishedBefore = part.subtasks.every((subtask) => subtask.finished);
    const filler = new Filler(context, part.subtasks.length);
    part.subtasks.forEach((subtask, index) => {
      try {
        filler.take(new PartReader(this.snapshot, subtask), index);
      } catch (error) {
        throw unreadable(part, error);
      }
    });
    filler.finish();
  }

  private checkSource(node: StreamNode): void {
    if (node.source === undefined || node.source.redistribute !== undefined) return;
    const before = this.parts.get(stateIdOf(node, this.graph))?.subtasks.length;
    const now = parallelismOf(node);
    if (before === undefined || before === now) return;
    throw new SnapshotMismatchError(
      `the source ${node.name} had ${before} subtasks when the snapshot was taken, and has ${now}`,
      `set .setParallelism(${before}) on the source: it has no redistribute(), so its positions cannot be shared out anew; operators can change theirs`,
    );
  }
}

function unreadable(part: OperatorPart, cause: unknown): unknown {
  const what = `the state of \`${part.uid}\` (${part.name}) cannot be read`;
  if (cause instanceof DamagedValueError) return new StreambookError('damaged-snapshot', what, { cause });
  if (!(cause instanceof ClassVersionError)) return cause;
  return new StreambookError('class-version', `${what}: ${cause.problem}`, { hint: cause.hint ?? '', cause });
}

class PartReader {
  private readonly reader = new ValueReader();
  private next: number;
  private readonly end: number;

  constructor(
    private readonly snapshot: Snapshot,
    part: SubtaskPart,
  ) {
    this.next = part.firstBlock;
    this.end = part.firstBlock + part.blocks;
  }

  get done(): boolean {
    while (this.reader.done && this.next < this.end) this.reader.load(this.snapshot.blocks[this.next++] as Uint8Array);
    return this.reader.done;
  }

  read(): unknown {
    if (this.done) throw new DamagedValueError('they end too soon', 0);
    return this.reader.read();
  }
}

/** Takes what belongs to one subtask out of the parts of all subtasks there were. */
class Filler {
  private readonly same: boolean;
  private readonly lists = new Map<string, { readonly items: unknown[]; readonly version: number }>();
  /** Of the operator state that comes next. */
  private version = 1;

  constructor(
    private readonly context: OperatorContext,
    private readonly before: number,
  ) {
    this.same = before === context.parallelism;
  }

  take(reader: PartReader, index: number): void {
    let table: StateTable<unknown> | undefined;
    while (!reader.done) {
      const mark = reader.read();
      if (mark === Mark.TABLE) table = this.table(reader);
      else if (mark === Mark.SPACE && table !== undefined) this.space(reader, table, index);
      else if (mark === Mark.TIMERS) this.timers(reader, index);
      else if (mark === Mark.VERSION) this.version = reader.read() as number;
      else if (mark === Mark.LIST || mark === Mark.UNION) this.list(reader, mark === Mark.UNION, index);
      else if (mark === Mark.BROADCAST) this.broadcast(reader, index);
      else throw new DamagedValueError(`an unknown mark ${String(mark)}`, 0);
    }
  }

  /** Shares out what is split evenly: only now is it known how much there is. */
  finish(): void {
    const { parallelism, subtask, operatorState } = this.context;
    for (const [name, { items, version }] of this.lists) {
      const first = Math.floor((subtask * items.length) / parallelism);
      const end = Math.floor(((subtask + 1) * items.length) / parallelism);
      operatorState.restoredList(name, false, version).update(items.slice(first, end));
    }
  }

  private mine(key: KeyId, index: number): boolean {
    const { parallelism, subtask, maxParallelism } = this.context;
    if (this.same) return index === subtask;
    return subtaskOfKeyGroup(keyGroupOf(key, maxParallelism), maxParallelism, parallelism) === subtask;
  }

  private table(reader: PartReader): StateTable<unknown> | undefined {
    const name = reader.read() as string;
    const kind = reader.read() as string;
    const version = reader.read() as number;
    if (!this.context.isKeyed) {
      throw new SnapshotMismatchError(
        `the snapshot holds keyed state \`${name}\` of ${this.context.name}, which has no key any more`,
        'put .keyBy(...) before it, or give it another uid',
      );
    }
    const { tables } = this.context.keyed();
    let table = tables.get(name);
    if (table === undefined) {
      table = new StateTable<unknown>(name, kind, undefined);
      table.version = version;
      table.fromSnapshot = true;
      tables.set(name, table);
    }
    return table;
  }

  private space(reader: PartReader, table: StateTable<unknown>, index: number): void {
    const id = reader.read() as NamespaceId;
    const namespace = reader.read();
    const timed = reader.read() as boolean;
    if (timed) table.timed = true;
    let left = reader.read() as number;
    let cells: Map<KeyId, Cell<unknown>> | undefined;
    for (; left > 0; left--) {
      const key = reader.read() as KeyId;
      const value = reader.read();
      const touchedAt = timed ? (reader.read() as number) : 0;
      if (!this.mine(key, index)) continue;
      const cell = new Cell(value);
      cell.touchedAt = touchedAt;
      cells ??= table.spaceFor(id, namespace).cells;
      cells.set(key, cell);
    }
  }

  private timers(reader: PartReader, index: number): void {
    const head = reader.read() as Omit<RestoredTimers, 'keys'>;
    const keys: KeyId[] = [];
    for (let left = reader.read() as number; left > 0; left--) {
      const key = reader.read() as KeyId;
      if (this.mine(key, index)) keys.push(key);
    }
    if (keys.length > 0) this.context.restoreTimers({ ...head, keys });
  }

  private list(reader: PartReader, union: boolean, index: number): void {
    const name = reader.read() as string;
    const { operatorState, subtask } = this.context;
    const version = this.takeVersion();
    const items: unknown[] = [];
    for (let left = reader.read() as number; left > 0; left--) items.push(reader.read());
    if (union) operatorState.restoredList(name, true, version).addAll(items);
    else if (!this.same) this.lists.set(name, { items: [...(this.lists.get(name)?.items ?? []), ...items], version });
    else if (index === subtask) operatorState.restoredList(name, false, version).update(items);
  }

  private broadcast(reader: PartReader, index: number): void {
    const name = reader.read() as string;
    const version = this.takeVersion();
    const mine = index === this.context.subtask % this.before;
    const state = mine ? this.context.operatorState.restoredBroadcast(name, version) : undefined;
    for (let left = reader.read() as number; left > 0; left--) {
      const key = reader.read();
      const value = reader.read();
      state?.put(key, value);
    }
  }

  private takeVersion(): number {
    const { version } = this;
    this.version = 1;
    return version;
  }
}
