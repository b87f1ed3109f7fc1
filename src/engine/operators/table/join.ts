import { isAddition, type Row, type RowClass, RowKind, rowKind } from '../../../core/rows/index.js';
import { TwoInputOperator } from '../../operator.js';
import { type JoinRecord, JoinSide, type JoinSideSettings } from './join-state.js';

/** Settings that all joins of changing tables share. */
export interface TableJoinSettings {
  readonly left: JoinSideSettings;
  readonly right: JoinSideSettings;
  readonly leftClass: RowClass;
  readonly rightClass: RowClass;
  /** What has to hold beside the equality of the keys; absent: nothing. */
  readonly condition: ((left: Row, right: Row) => boolean) | undefined;
  /** Whether a row can have no partner, because of a NULL in its key. */
  readonly nullKey: { readonly left: (row: Row) => boolean; readonly right: (row: Row) => boolean } | undefined;
}

export interface StreamingJoinSettings extends TableJoinSettings {
  readonly leftIsOuter: boolean;
  readonly rightIsOuter: boolean;
  /** The columns of both; NULL in place of a side that is `null`. Makes an insert. */
  readonly concat: (left: Row | null, right: Row | null) => Row;
}

/** The rows of the other side that a row is joined with. */
export function partners(
  settings: TableJoinSettings,
  row: Row,
  isLeft: boolean,
  other: JoinSide,
): readonly JoinRecord[] {
  const { condition, nullKey } = settings;
  if (nullKey !== undefined && (isLeft ? nullKey.left(row) : nullKey.right(row))) return [];
  const records = other.records();
  if (condition === undefined) return records;
  return records.filter((record) => (isLeft ? condition(row, record.row) : condition(record.row, row)));
}

/**
 * Joins two tables that change: inner, left, right, full. A row of an outer side without a partner is there with NULLs,
 * which are taken back (-D) before its first partner's row (+I), and come back after the last.
 *
 * @see Flink: Regular Joins; `StreamingJoinOperator`
 */
export class StreamingJoinOperator extends TwoInputOperator<Row, Row, Row> {
  private left!: JoinSide;
  private right!: JoinSide;

  constructor(private readonly settings: StreamingJoinSettings) {
    super('Join');
  }

  override open(): void {
    this.left = new JoinSide(this.context.keyed(), this.settings.left);
    this.right = new JoinSide(this.context.keyed(), this.settings.right);
  }

  override processElement1(row: Row, timestamp: number): void {
    this.process(row, timestamp, true);
  }

  override processElement2(row: Row, timestamp: number): void {
    this.process(row, timestamp, false);
  }

  private process(given: Row, timestamp: number, isLeft: boolean): void {
    const { settings } = this;
    const own = isLeft ? this.left : this.right;
    const other = isLeft ? this.right : this.left;
    const inputIsOuter = isLeft ? settings.leftIsOuter : settings.rightIsOuter;
    const otherIsOuter = isLeft ? settings.rightIsOuter : settings.leftIsOuter;
    const kind = given[rowKind];
    // What is kept is an insert, and what was handed over stays as it is.
    const row =
      kind === RowKind.INSERT ? given : (isLeft ? settings.leftClass : settings.rightClass).copy(given, RowKind.INSERT);
    const matches = partners(settings, row, isLeft, other);
    if (isAddition(kind)) {
      if (inputIsOuter && matches.length === 0) {
        this.pad(row, isLeft, RowKind.INSERT, timestamp);
        own.add(row, 0);
        return;
      }
      if (!inputIsOuter) own.add(row);
      if (otherIsOuter) {
        for (const record of matches) {
          if (record.associations === 0) this.padAll(record, !isLeft, RowKind.DELETE, timestamp);
          other.associate(record, record.associations + 1);
        }
      }
      this.joinAll(row, matches, isLeft, inputIsOuter || otherIsOuter ? RowKind.INSERT : kind, timestamp);
      if (inputIsOuter) own.add(row, sizeOf(matches));
      return;
    }
    own.retract(row);
    if (matches.length === 0) {
      if (inputIsOuter) this.pad(row, isLeft, RowKind.DELETE, timestamp);
      return;
    }
    this.joinAll(row, matches, isLeft, inputIsOuter ? RowKind.DELETE : kind, timestamp);
    if (!otherIsOuter) return;
    for (const record of matches) {
      if (record.associations === 1) this.padAll(record, !isLeft, RowKind.INSERT, timestamp);
      other.associate(record, record.associations - 1);
    }
  }

  private joinAll(row: Row, matches: readonly JoinRecord[], isLeft: boolean, kind: RowKind, timestamp: number): void {
    const { concat } = this.settings;
    for (const { row: other, count } of matches) {
      for (let i = 0; i < count; i++) {
        const made = isLeft ? concat(row, other) : concat(other, row);
        if (kind !== RowKind.INSERT) made[rowKind] = kind;
        this.output.collect(made, timestamp);
      }
    }
  }

  private padAll(record: JoinRecord, isLeft: boolean, kind: RowKind, timestamp: number): void {
    for (let i = 0; i < record.count; i++) this.pad(record.row, isLeft, kind, timestamp);
  }

  private pad(row: Row, isLeft: boolean, kind: RowKind, timestamp: number): void {
    const made = isLeft ? this.settings.concat(row, null) : this.settings.concat(null, row);
    if (kind !== RowKind.INSERT) made[rowKind] = kind;
    this.output.collect(made, timestamp);
  }
}

function sizeOf(matches: readonly JoinRecord[]): number {
  let size = 0;
  for (const { count } of matches) size += count;
  return size;
}
