import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import type { TranslateContext } from '../physical/context.js';
import type { PhysicalNode } from '../physical/node.js';

/** Writes a plan down as operators. A node that several read is made once. */
export function translate(node: PhysicalNode, context: TranslateContext): DataStream<Row> {
  const made = new Map<PhysicalNode, DataStream<Row>>();
  const visit = (one: PhysicalNode): DataStream<Row> => {
    let stream = made.get(one);
    if (stream === undefined) {
      stream = one.kind.translate(one, one.inputs.map(visit), context);
      made.set(one, stream);
    }
    return stream;
  };
  return visit(node);
}
