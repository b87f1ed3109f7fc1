import type { KeyId } from '../../../core/keys.js';
import { ownStrings } from '../../../core/own-strings.js';
import type { Row } from '../../../core/rows/index.js';
import { serialisable } from '../../../core/serialise/index.js';
import type { KeyedStateBackend } from '../../state/backend.js';
import type { StateTable } from '../../state/table.js';
import { TimeToLive } from '../../state/ttl.js';
import { VOID_NAMESPACE } from '../../time/timers.js';

/** A row of one side of a join. Rows without a key that are equal share one, with a count. */
export class JoinRecord {
  touchedAt = 0;

  constructor(
    readonly row: Row,
    /** How often the row is there. */
    public count: number,
    /** How many rows of the other side it is joined with; kept on outer sides only. */
    public associations: number,
  ) {}
}

serialisable(JoinRecord, { name: 'streambook/JoinRecord' });

/** From so many rows with one join key on, a row is looked up and no longer looked for. */
const INDEXED_FROM = 9;

/** The rows with one join key: one, a few in a list, or many by their ids. All in the order in which they came. */
type Records = JoinRecord | JoinRecord[] | Map<KeyId, JoinRecord>;

export interface JoinSideSettings {
  readonly name: string;
  /**
   * What makes a row of this side another one: its unique key, all its columns where there is none, and nothing where
   * the join key is unique already.
   */
  readonly idOf: ((row: Row) => KeyId) | undefined;
  /** Whether a row with a known id takes the other's place (a unique key), and not a place beside it. */
  readonly unique: boolean;
  readonly stateTtlMs: number;
}

/**
 * What one side of a join has seen, for the current key.
 *
 * @see Flink: `JoinRecordStateView`, `OuterJoinRecordStateView`
 */
export class JoinSide {
  private readonly table: StateTable<Records>;
  private readonly ttl: TimeToLive | undefined;

  constructor(
    private readonly backend: KeyedStateBackend,
    private readonly settings: JoinSideSettings,
  ) {
    const { name, stateTtlMs } = settings;
    const config = stateTtlMs > 0 ? { ttlMs: stateTtlMs } : undefined;
    this.table = backend.table(name, 'join-side', config);
    this.ttl = config === undefined ? undefined : new TimeToLive(config, backend.clock);
  }

  /** The rows of the current key, each once. A list of its own, which does not change while the state does. */
  records(): readonly JoinRecord[] {
    const { ttl } = this;
    const cell = this.table.get(VOID_NAMESPACE, this.backend.keyId);
    if (cell === undefined) return NONE;
    const { value } = cell;
    const list = value instanceof JoinRecord ? [value] : Array.isArray(value) ? value.slice() : [...value.values()];
    if (ttl === undefined) return list;
    const live = list.filter((record) => !ttl.expired(record));
    if (live.length < list.length) this.keep(live);
    return live;
  }

  /** Adds a row that is joined with so many rows of the other side. */
  add(row: Row, associations = 0): void {
    const { backend, table, settings } = this;
    this.ttl?.sweep(table);
    const id = settings.idOf?.(row);
    const known = this.find(id);
    if (known !== undefined && !settings.unique) {
      known.count++;
      known.associations = associations;
      this.ttl?.touch(known);
      return;
    }
    const record = new JoinRecord(ownStrings(row), 1, associations);
    this.ttl?.touch(record);
    const cell = table.get(VOID_NAMESPACE, backend.keyId);
    if (cell === undefined) {
      table.insert(VOID_NAMESPACE, undefined, backend.keyId, record);
      return;
    }
    const { value } = cell;
    if (value instanceof JoinRecord) cell.value = known === undefined ? [value, record] : record;
    else if (Array.isArray(value)) {
      if (known !== undefined) value[value.indexOf(known)] = record;
      else if (value.length < INDEXED_FROM) value.push(record);
      else cell.value = new Map([...value, record].map((one) => [settings.idOf?.(one.row), one]));
    } else value.set(id, record);
  }

  /** Takes a row away; one that is not there any more leaves everything as it is. */
  retract(row: Row): void {
    const { settings, backend, table } = this;
    const id = settings.idOf?.(row);
    const known = this.find(id);
    if (known === undefined) return;
    if (!settings.unique && known.count > 1) {
      known.count--;
      this.ttl?.touch(known);
      return;
    }
    const value = table.get(VOID_NAMESPACE, backend.keyId)?.value;
    if (value instanceof Map) value.delete(id);
    else if (Array.isArray(value)) value.splice(value.indexOf(known), 1);
    if (value instanceof JoinRecord || (value instanceof Map ? value.size : value?.length) === 0) {
      table.delete(VOID_NAMESPACE, backend.keyId);
    }
  }

  /** Says with how many rows of the other side a row is joined now. */
  associate(record: JoinRecord, associations: number): void {
    record.associations = associations;
    this.ttl?.touch(record);
  }

  private find(id: KeyId): JoinRecord | undefined {
    const value = this.table.get(VOID_NAMESPACE, this.backend.keyId)?.value;
    if (value === undefined) return undefined;
    const { idOf } = this.settings;
    let found: JoinRecord | undefined;
    if (value instanceof Map) found = value.get(id);
    else if (Array.isArray(value)) found = value.find((one) => idOf?.(one.row) === id);
    else if (idOf === undefined || idOf(value.row) === id) found = value;
    return found !== undefined && this.ttl?.expired(found) === true ? this.forget(found) : found;
  }

  private forget(record: JoinRecord): undefined {
    this.keep(this.records().filter((one) => one !== record));
    return undefined;
  }

  private keep(records: readonly JoinRecord[]): void {
    const { backend, table, settings } = this;
    const cell = table.get(VOID_NAMESPACE, backend.keyId);
    if (cell === undefined) return;
    if (records.length === 0) table.delete(VOID_NAMESPACE, backend.keyId);
    else if (cell.value instanceof Map) cell.value = new Map(records.map((one) => [settings.idOf?.(one.row), one]));
    else cell.value = [...records];
  }
}

const NONE: readonly JoinRecord[] = [];
