import { type as types } from '../../core/types/index.js';
import { ValidationError } from '../errors.js';
import { buildAggregate, castTo } from '../expressions/index.js';
import type { FunctionResolver } from '../functions/user.js';
import { type PlanField, plainField, uniqueNames } from '../plan/field.js';
import type { Rel, WindowSpec } from '../plan/rel.js';
import { type AggregateCall, inputRef, type Rex } from '../plan/rex.js';
import { withAggregates } from './aggregate-calls.js';
import { type ExpressionNode, visitNode } from './node.js';
import { positionOf, resolve, type Scope } from './resolve.js';

/** One column to be: an expression and, where one was given, its name. */
export interface Selected {
  readonly node: ExpressionNode;
  readonly name: string | undefined;
}

/** What `groupBy` was given. */
export interface Grouping {
  readonly keys: readonly Selected[];
  /** The window, where there is one, and its alias. */
  readonly window?: { readonly spec: WindowSpec; readonly alias: string };
}

/**
 * Takes the aliases off, and writes `*` out.
 *
 * @param functions where aggregates may stand: those that are called by name
 */
export function selected(
  nodes: readonly ExpressionNode[],
  fields: readonly PlanField[],
  functions?: FunctionResolver,
): Selected[] {
  return nodes.flatMap((written): Selected[] => {
    const node = functions === undefined ? written : withAggregates(written, functions);
    if (node.kind === 'all') {
      for (const name of node.except) positionOf(name, fields);
      return fields
        .filter(({ name }) => !node.except.includes(name))
        .map(({ name }) => ({ node: { kind: 'column', name }, name }));
    }
    if (node.kind === 'alias') {
      if (node.more === undefined) return [{ node: node.operand, name: node.name }];
      throw new ValidationError(`one column cannot be called \`${[node.name, ...node.more].join('`, `')}\``, {
        hint: "several names are for the columns of a table function: joinLateral(callFunction('F', ...).as('a', 'b'))",
      });
    }
    return [{ node, name: node.kind === 'column' ? node.name : undefined }];
  });
}

/** Whether an aggregate stands anywhere in it, outside of an OVER. */
export function hasAggregate(node: ExpressionNode): boolean {
  let found = false;
  const inOver = new Set<ExpressionNode>();
  visitNode(node, (inner) => {
    if (inner.kind === 'over') inOver.add(inner.aggregate);
    if (inner.kind === 'aggregate' && !inOver.has(inner)) found = true;
  });
  return found;
}

function named(items: readonly Selected[], types: readonly Rex[], input: readonly PlanField[]): PlanField[] {
  let unnamed = 0;
  const names = items.map(({ name }) => name ?? `_c${unnamed++}`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new ValidationError(`two columns are called \`${twice}\``, {
      hint: "give one of them another name: .as('...')",
    });
  }
  return names.map((name, i) => {
    const rex = types[i] as Rex;
    const time = rex.kind === 'input' ? input[rex.index]?.time : undefined;
    return time === undefined ? { name, type: rex.type } : { name, type: rex.type, time };
  });
}

/** `select` without groups. */
export function project(
  input: Rel,
  items: readonly Selected[],
  functions: FunctionResolver,
  replace?: (node: ExpressionNode) => Rex | undefined,
): Rel {
  const scope = { fields: input.fields, functions, replace };
  const expressions = items.map(({ node }) => resolve(node, scope));
  return { kind: 'project', input, expressions, fields: named(items, expressions, input.fields) };
}

const keyOf = (node: ExpressionNode): string =>
  JSON.stringify(node, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));

/** `select` with aggregates, over groups or over everything. */
export function aggregate(
  input: Rel,
  grouping: Grouping,
  items: readonly Selected[],
  functions: FunctionResolver,
): Rel {
  const scope = { fields: input.fields, functions };
  const below = new Below(input);
  const groups = grouping.keys.map((key) => below.column(resolve(key.node, scope), key.name));
  const calls = new Map<string, { index: number; call: AggregateCall }>();
  for (const { node } of items) {
    visitNode(node, (inner) => {
      if (inner.kind !== 'aggregate' || calls.has(keyOf(inner))) return;
      calls.set(keyOf(inner), {
        index: calls.size,
        call: callOf(inner, scope, below, calls.size, grouping.keys.length > 0),
      });
    });
  }
  const properties = propertiesIn(items, grouping);
  const made = [...calls.values()].map(({ call }) => call);
  // The window's time column goes through the projection below, where there is one.
  const window = grouping.window === undefined ? undefined : below.window(grouping.window.spec);
  const source = below.build();
  const fields: PlanField[] = [
    ...groups.map((index) => source.fields[index] as PlanField),
    ...made.map(({ name, type }) => ({ name, type })),
  ];
  let step: Rel;
  if (window === undefined) {
    step = { kind: 'aggregate', input: source, groups, calls: made, fields: unique(fields.map(plainField)) };
  } else {
    const all = [...fields.map(plainField), ...properties.map((property) => propertyField(property, source, window))];
    step = {
      kind: 'groupWindowAggregate',
      input: source,
      window,
      groups,
      calls: made,
      properties,
      fields: unique(all),
    };
  }
  const at = (index: number): Rex => inputRef(index, (step.fields[index] as PlanField).type);
  const keys = new Map(grouping.keys.map(({ node }, i) => [keyOf(node), i]));
  const names = new Map(grouping.keys.flatMap(({ name }, i) => (name === undefined ? [] : [[name, i] as const])));
  return project(step, items, functions, (node) => {
    if (node.kind === 'aggregate') return at(groups.length + (calls.get(keyOf(node))?.index ?? 0));
    if (node.kind === 'windowProperty') return at(groups.length + made.length + properties.indexOf(node.property));
    const key = keys.get(keyOf(node)) ?? (node.kind === 'column' ? names.get(node.name) : undefined);
    if (key !== undefined) return at(key);
    if (node.kind === 'column') {
      positionOf(node.name, input.fields);
      throw new ValidationError(`the column \`${node.name}\` is neither grouped by nor aggregated`, {
        hint: `add it to groupBy(), or take .min(), .max(), .firstValue() of it`,
      });
    }
    return undefined;
  });
}

function unique(fields: readonly PlanField[]): PlanField[] {
  const names = uniqueNames(fields.map(({ name }) => name));
  return fields.map((field, i) => ({ ...field, name: names[i] as string }));
}

function callOf(
  node: Extract<ExpressionNode, { kind: 'aggregate' }>,
  scope: Scope,
  below: Below,
  number: number,
  grouped: boolean,
): AggregateCall {
  const operands = node.operands.map((operand) => resolve(operand, scope));
  const built = buildAggregate(node.function, operands, {
    distinct: node.distinct,
    grouped,
    functions: scope.functions,
  });
  return {
    function: built.function,
    operands: operands.map((operand, i) => below.column(castTo(operand, built.operandTypes[i] ?? operand.type))),
    distinct: node.distinct,
    type: built.type,
    name: `EXPR$${number}`,
  };
}

type Property = 'start' | 'end' | 'rowtime' | 'proctime';

function propertiesIn(items: readonly Selected[], { window }: Grouping): Property[] {
  const found: Property[] = [];
  for (const { node } of items) {
    visitNode(node, (inner) => {
      if (inner.kind !== 'windowProperty') return;
      if (inner.window !== window?.alias) {
        throw new ValidationError(`no window \`${inner.window}\``, {
          ...(window === undefined ? {} : { hint: `the window is called \`${window.alias}\`` }),
        });
      }
      if (!found.includes(inner.property)) found.push(inner.property);
    });
  }
  return found;
}

function propertyField(property: Property, source: Rel, window: WindowSpec): PlanField {
  const time = source.fields[window.time] as PlanField;
  if (property === 'rowtime' || property === 'proctime') {
    return { name: `w$${property}`, type: time.type, ...(time.time === undefined ? {} : { time: time.time }) };
  }
  return { name: `w$${property}`, type: types.timestamp(3).notNull() };
}

/** The projection below an aggregate: what groups and aggregates take, each once. */
class Below {
  private readonly expressions: Rex[] = [];
  private readonly names: (string | undefined)[] = [];
  private readonly seen = new Map<string, number>();

  constructor(private readonly input: Rel) {}

  column(rex: Rex, name?: string): number {
    const key = JSON.stringify(rex, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
    const known = this.seen.get(key);
    if (known !== undefined) return known;
    this.seen.set(key, this.expressions.length);
    this.names.push(name ?? (rex.kind === 'input' ? this.input.fields[rex.index]?.name : undefined));
    return this.expressions.push(rex) - 1;
  }

  window(spec: WindowSpec): WindowSpec {
    const time = this.input.fields[spec.time] as PlanField;
    return { ...spec, time: this.column(inputRef(spec.time, time.type)) };
  }

  build(): Rel {
    const { input, expressions } = this;
    const names = uniqueNames(this.names.map((name, i) => name ?? `$f${i}`));
    const fields = expressions.map((rex, i): PlanField => {
      const time = rex.kind === 'input' ? input.fields[rex.index]?.time : undefined;
      const name = names[i] as string;
      return time === undefined ? { name, type: rex.type } : { name, type: rex.type, time };
    });
    return { kind: 'project', input, expressions, fields };
  }
}
