import { type AnyType, type } from '../../../core/types/index.js';
import {
  FlatMapRowsOperator,
  MapRowsOperator,
  StepWatermark,
  WatermarkedRowsOperator,
} from '../../../engine/operators/table/calc.js';
import { compileCalc, compileProjection } from '../../codegen/index.js';
import { conjunction, inputsOf, isDeterministic, mapInputs, rexToString, visitRex } from '../../expressions/index.js';
import { monotonicityOf } from '../../physical/monotonicity.js';
import { inputKinds, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { type PlanField, plainField } from '../../plan/field.js';
import { inputRef, literal, type Rex } from '../../plan/rex.js';
import { rule } from '../rules.js';
import { mapKeys, mapWindow, repeated } from './support.js';

export interface Calc {
  readonly expressions: readonly Rex[];
  readonly condition?: Rex;
}

/** Filter and projection in one step. */
export const CALC: NodeKind<Calc> = {
  name: 'Calc',
  produces: inputKinds,
  // A condition may hold for the old version and not for the new one: without the old one nothing would take it back.
  requires: (node, asked) => (asked === 'onlyAfter' && node.detail.condition !== undefined ? undefined : [asked]),
  updates: 'forwards',
  upsertKeys: ({ inputs: [input], detail }) => mapKeys(input?.upsertKeys ?? [], repeated(detail.expressions)),
  monotonicity: ({ inputs: [input], detail }) => {
    const below = input === undefined ? undefined : monotonicityOf(input);
    return below && repeated(detail.expressions).map((column) => below[column] ?? 'any');
  },
  windows: ({ inputs: [input], detail }) => mapWindow(input?.window, repeated(detail.expressions)),
  shareable: ({ detail }) =>
    detail.expressions.every((rex) => isDeterministic(rex)) &&
    (detail.condition === undefined || isDeterministic(detail.condition)),
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const select = node.detail.expressions.map((rex, i) => {
      const text = rexToString(rex, from);
      const name = node.fields[i]?.name;
      return text === name ? text : `${text} AS ${name}`;
    });
    const { condition } = node.detail;
    const where = condition === undefined ? '' : `, where=[${rexToString(condition, from)}]`;
    return `select=[${select.join(', ')}]${where}`;
  },
  translate: (node, [input], { evaluation }) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { expressions, condition } = node.detail;
    if ([...expressions, ...(condition === undefined ? [] : [condition])].some(readsWatermark)) {
      return (input as NonNullable<typeof input>).transform('Calc', () => {
        const watermark = new StepWatermark();
        const context = { ...evaluation, watermark };
        const all = condition ?? literal(true, type.boolean().notNull() as AnyType);
        return new WatermarkedRowsOperator(
          'Calc',
          compileCalc(all, expressions, from, node.fields, context),
          watermark,
        );
      });
    }
    if (condition === undefined) {
      return (input as NonNullable<typeof input>).transform(
        'Calc',
        () => new MapRowsOperator('Calc', compileProjection(expressions, from, node.fields, evaluation)),
      );
    }
    return (input as NonNullable<typeof input>).transform(
      'Calc',
      () => new FlatMapRowsOperator('Calc', compileCalc(condition, expressions, from, node.fields, evaluation)),
    );
  },
};

function readsWatermark(rex: Rex): boolean {
  let found = false;
  visitRex(rex, (one) => {
    if (one.kind === 'call' && one.function === 'CURRENT_WATERMARK') found = true;
  });
  return found;
}

/** A projection, with a filter before it; nothing where neither changes anything. */
export function makeCalc(
  input: PhysicalNode,
  fields: readonly PlanField[],
  expressions: readonly Rex[],
  condition?: Rex,
): PhysicalNode {
  if (condition === undefined && isIdentity(input.fields, fields, expressions)) return input;
  const below = input.kind === (CALC as unknown) ? (input as unknown as PhysicalNode<Calc>) : undefined;
  if (below !== undefined && mergeable(below, [...expressions, ...(condition === undefined ? [] : [condition])])) {
    const over = (rex: Rex): Rex => mapInputs(rex, (i) => below.detail.expressions[i] as Rex);
    const conditions = [below.detail.condition, condition === undefined ? undefined : over(condition)];
    const both = conditions.filter((one): one is Rex => one !== undefined);
    return makeCalc(
      below.inputs[0] as PhysicalNode,
      fields,
      expressions.map(over),
      both.length === 0 ? undefined : conjunction(both),
    );
  }
  return makeNode(CALC, fields, [input], { expressions, ...(condition === undefined ? {} : { condition }) });
}

/** Whether two steps can be one, with nothing evaluated twice and no processing time read that was only passed on. */
function mergeable(below: PhysicalNode<Calc>, above: readonly Rex[]): boolean {
  const uses = new Map<number, number>();
  for (const rex of above) for (const i of inputsOf(rex)) uses.set(i, (uses.get(i) ?? 0) + 1);
  return below.detail.expressions.every((rex, i) => {
    if (below.fields[i]?.time === 'proctime') return false;
    if (rex.kind === 'input' || rex.kind === 'literal') return true;
    return isDeterministic(rex) && (uses.get(i) ?? 0) <= 1;
  });
}

function isIdentity(from: readonly PlanField[], to: readonly PlanField[], expressions: readonly Rex[]): boolean {
  return (
    from.length === to.length &&
    expressions.every(
      (one, i) =>
        one.kind === 'input' &&
        one.index === i &&
        from[i]?.name === to[i]?.name &&
        (from[i]?.time === 'proctime') === (to[i]?.time === 'proctime') &&
        String(from[i]?.type) === String(to[i]?.type),
    )
  );
}

/** The same columns, none of them a processing time that is not read yet. */
export function readProctime(input: PhysicalNode): PhysicalNode {
  if (!input.fields.some((field) => field.time === 'proctime')) return input;
  const fields = input.fields.map((field) => (field.time === 'proctime' ? plainField(field) : field));
  return makeCalc(
    input,
    fields,
    input.fields.map((field, i) => inputRef(i, field.type)),
  );
}

export const PROJECT_RULE = rule('project', (rel, input) => {
  // A filter below becomes part of it.
  const below = rel.input;
  return below.kind === 'filter'
    ? makeCalc(input(below.input), rel.fields, rel.expressions, below.condition)
    : makeCalc(input(below), rel.fields, rel.expressions);
});

export const FILTER_RULE = rule('filter', (rel, input) => {
  const below = input(rel.input);
  const expressions = below.fields.map((field, i) => inputRef(i, field.type));
  return makeCalc(below, rel.fields, expressions, rel.condition);
});
