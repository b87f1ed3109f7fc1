import { type Row, RowKind, rowClassOf, rowKind } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { MapRowsOperator } from '../../../engine/operators/table/calc.js';
import { UpsertMaterialiseOperator } from '../../../engine/operators/table/upsert-materialise.js';
import { compileKey, compileProjection } from '../../codegen/index.js';
import type { SinkTarget } from '../../physical/context.js';
import { inputKinds, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { planSchema } from '../../plan/field.js';
import { allColumns } from '../join-keys.js';
import { keyed, names } from './support.js';

export interface SinkDetail {
  readonly target: SinkTarget;
  /** Whether the last row of each primary key has to be found out of several. */
  readonly materialise: boolean;
  /** Whether the sink takes changes by key: what an old version is taken back by is a delete then. */
  readonly byKey: boolean;
}

/** Makes rows ready for a table: its columns, changes in the form it takes. */
export const SINK: NodeKind<SinkDetail> = {
  name: 'Sink',
  produces: inputKinds,
  requires: (_node, asked) => [asked],
  updates: 'forwards',
  describe: ({ detail, fields }) =>
    `table=[${detail.target.name.replaceAll(', ', '.')}], fields=[${names(fields)}]${detail.materialise ? ', upsertMaterialize=[true]' : ''}`,
  unboundedState: ({ detail }) => (detail.materialise ? 'the rows of each primary key' : undefined),
  translate: (node, [input], { evaluation, stateTtlMs }) => {
    const { target, materialise, byKey } = node.detail;
    const query = node.inputs[0] as PhysicalNode;
    let stream = (input as DataStream<Row>).transform('Sink', () => {
      const columns = compileProjection(allColumns(query.fields), query.fields, node.fields, evaluation);
      return new MapRowsOperator('Sink', (given) => {
        const row = columns(given);
        if (byKey && row[rowKind] === RowKind.UPDATE_BEFORE) row[rowKind] = RowKind.DELETE;
        return row;
      });
    });
    if (materialise && target.primaryKey !== undefined) {
      stream = keyed(stream, node.fields, target.primaryKey, 'SinkMaterializer', () => {
        const [key] = query.upsertKeys;
        return new UpsertMaterialiseOperator({
          rowClass: rowClassOf(planSchema(node.fields)),
          idOf: compileKey(key ?? node.fields.map((_, i) => i), node.fields),
          replaces: key !== undefined,
          stateTtlMs,
        });
      });
    }
    return stream;
  },
};
