import type { Row } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import type { Catalog } from '../catalog/index.js';
import type { InlineScan, Rel } from '../plan/rel.js';
import type { AggregateCall, RexCall } from '../plan/rex.js';

/** What writing a plan as text has to know. */
export interface FlinkSqlContext {
  readonly catalog: Catalog;
  /** Of the session that the text is sent in. */
  readonly timeZone: string;
  /** Whether a plan calls a function of the user's: its text then cannot be sent as it is. */
  callsUser(rel: Rel): boolean;
  /** The rows of a collection; `undefined` for a stream. */
  rowsOf(scan: InlineScan): readonly Row[] | undefined;
  /**
   * A call of a function of the user's, its operands written out.
   *
   * @throws NotInFlinkSqlError when a cluster cannot run it
   */
  userCall(call: RexCall | AggregateCall, operands: readonly string[], types: readonly AnyType[]): string;
}
