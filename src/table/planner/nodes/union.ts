import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { castTo } from '../../expressions/index.js';
import { inputKinds, makeNode, type NodeKind } from '../../physical/node.js';
import { inputRef } from '../../plan/rex.js';
import { rule } from '../rules.js';
import { makeCalc } from './calc.js';
import { names } from './support.js';

/** The rows of all inputs, as they come. */
export const UNION: NodeKind<null> = {
  name: 'Union',
  produces: inputKinds,
  requires: (node, asked) => node.inputs.map(() => asked),
  updates: 'forwards',
  describe: (node) => `all=[true], union=[${names(node.fields)}]`,
  translate: (_node, [first, ...others]) => (first as DataStream<Row>).union(...others),
};

export const UNION_RULE = rule('setOperation', (rel, input) => {
  if (rel.operator !== 'UNION' || !rel.all) return undefined;
  // Rows are read by name, so all inputs have to have the same columns.
  const inputs = rel.inputs.map((one) => {
    const node = input(one);
    const expressions = rel.fields.map((field, i) => {
      const own = node.fields[i] as (typeof node.fields)[number];
      return castTo(inputRef(i, own.type), own.type.nullability === field.type.nullability ? field.type : field.type);
    });
    return makeCalc(node, rel.fields, expressions);
  });
  return makeNode(UNION, rel.fields, inputs, null);
});
