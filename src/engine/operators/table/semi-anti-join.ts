import { isAddition, type Row, RowKind, rowKind } from '../../../core/rows/index.js';
import { TwoInputOperator } from '../../operator.js';
import { partners, type TableJoinSettings } from './join.js';
import { type JoinRecord, JoinSide } from './join-state.js';

export interface SemiAntiJoinSettings extends TableJoinSettings {
  readonly anti: boolean;
}

/**
 * The rows of the left that have a partner on the right (semi), or have none (anti), while both change.
 *
 * @see Flink: `StreamingSemiAntiJoinOperator`
 */
export class SemiAntiJoinOperator extends TwoInputOperator<Row, Row, Row> {
  private left!: JoinSide;
  private right!: JoinSide;

  constructor(private readonly settings: SemiAntiJoinSettings) {
    super(settings.anti ? 'AntiJoin' : 'SemiJoin');
  }

  override open(): void {
    this.left = new JoinSide(this.context.keyed(), this.settings.left);
    this.right = new JoinSide(this.context.keyed(), this.settings.right);
  }

  override processElement1(row: Row, timestamp: number): void {
    const { settings } = this;
    const matches = partners(settings, row, true, this.right);
    if ((matches.length === 0) === settings.anti) this.output.collect(row, timestamp);
    const kind = row[rowKind];
    const kept = kind === RowKind.INSERT ? row : settings.leftClass.copy(row, RowKind.INSERT);
    if (isAddition(kind)) {
      let size = 0;
      for (const { count } of matches) size += count;
      this.left.add(kept, size);
    } else this.left.retract(kept);
  }

  override processElement2(row: Row, timestamp: number): void {
    const { settings } = this;
    const kind = row[rowKind];
    const kept = kind === RowKind.INSERT ? row : settings.rightClass.copy(row, RowKind.INSERT);
    const adds = isAddition(kind);
    if (adds) this.right.add(kept);
    else this.right.retract(kept);
    // The number of partners at which a row of the left begins, or ceases, to have any.
    const turning = adds ? 0 : 1;
    const turns = settings.anti ? (adds ? RowKind.DELETE : RowKind.INSERT) : kind;
    for (const record of partners(settings, kept, false, this.left)) {
      if (record.associations === turning) this.emit(record, turns, timestamp);
      this.left.associate(record, record.associations + (adds ? 1 : -1));
    }
  }

  private emit({ row, count }: JoinRecord, kind: RowKind, timestamp: number): void {
    for (let i = 0; i < count; i++) this.output.collect(this.settings.leftClass.copy(row, kind), timestamp);
  }
}
