import { type AnyType, type as types } from '../../core/types/index.js';
import { visitRex } from '../expressions/index.js';
import { type PlanField, uniqueNames } from '../plan/field.js';
import type { Rel, WindowSpec } from '../plan/rel.js';
import { type AggregateCall, type CorrelatedRef, type InputRef, inputRef, literal, type Rex } from '../plan/rex.js';
import type { Expression } from '../sql/ast/expressions.js';
import type { Select } from '../sql/ast/queries.js';
import { unparseExpression } from '../sql/unparse/index.js';
import { Aggregates, type FoundAggregate, markOf, type WindowProperty } from './aggregates.js';
import { windowPropertyType } from './calls.js';
import { conditionOf } from './checks.js';
import type { Binder, ExpressionEnv } from './env.js';
import { groupWindow } from './group-windows.js';
import { groupingSets } from './grouping-sets.js';
import { bindExpr } from './mutual.js';
import { fieldFor, mapRelExpressions, rexKey } from './rex-tools.js';
import { project } from './steps.js';

/** What is computed from groups: columns of SELECT and keys of ORDER BY. */
export interface Piece {
  readonly name: string;
  readonly clause?: string;
  bind(env: ExpressionEnv): Rex;
}

/** GROUP BY, the aggregates and HAVING. `expressions` are the pieces over the rows of `rel`. */
export function bindGroups(
  select: Select,
  input: Rel,
  env: ExpressionEnv,
  pieces: readonly Piece[],
): { rel: Rel; expressions: readonly Rex[] } {
  const { binder } = env;
  const { expressions: nodes, sets, window: windowNode } = groupingSets(select.groupBy?.elements ?? [], binder);
  const inGroupBy: ExpressionEnv = { ...env, clause: 'GROUP BY', over: false };
  const { groups, positions } = unique(nodes.map((node) => bindExpr(node, inGroupBy)));
  const several = sets.length > 1 || (sets.length === 1 && sets[0]?.length !== nodes.length);
  const mappedSets = sets.map((set) => [...new Set(set.map((i) => positions[i] as number))].sort((a, b) => a - b));
  const window = windowNode === undefined ? undefined : groupWindow(windowNode, inGroupBy);
  const aggregates = new Aggregates(groups.length > 0 || window !== undefined, groups, window?.call);
  const above: ExpressionEnv = { ...env, aggregates, nullable: several };
  const bindHaving = (into: Aggregates): Rex | undefined =>
    select.having === undefined
      ? undefined
      : conditionOf(select.having, { ...above, aggregates: into, clause: 'HAVING', over: true }, 'HAVING');
  // HAVING is checked before SELECT, but what SELECT aggregates comes first.
  bindHaving(new Aggregates(aggregates.grouped, groups, window?.call));
  const raw = pieces.map((piece) => piece.bind({ ...above, clause: piece.clause ?? 'SELECT' }));
  const having = bindHaving(aggregates);
  const keys = several ? nodes.map((node) => bindExpr(node, { ...inGroupBy, nullable: true })) : groups;
  const keyOf = new Map<string, number>();
  keys.forEach((rex, i) => {
    const at = several ? (positions[i] as number) : i;
    if (rex.kind !== 'literal') keyOf.set(rexKey(rex), at);
  });

  const names = new Map<number, string>();
  const groupNames: (string | undefined)[] = [];
  raw.forEach((rex, i) => {
    const mark = markOf(rex);
    const { name } = pieces[i] as Piece;
    const group = keyOf.get(rexKey(rex));
    if (group !== undefined && rex.kind !== 'input' && name !== '') groupNames[group] ??= name;
    if (mark?.what === 'aggregate' && name !== '' && !names.has(mark.index)) names.set(mark.index, name);
  });
  const below = new Below(input);
  groups.forEach((rex, i) => {
    below.column(rex, groupNames[i]);
  });
  const time = window === undefined ? undefined : below.column(window.time);
  const calls = aggregates.found.map((found, i) => callOf(found, below, names.get(i)));
  const source = below.build();
  const step = aggregateStep(
    source,
    groups.length,
    calls,
    several ? mappedSets : undefined,
    window === undefined
      ? undefined
      : { spec: { ...window.spec, time: time as number } as WindowSpec, properties: aggregates.properties },
  );
  const replace = new Ungroup(step, groups.length, calls.length, keyOf, binder);
  let rel: Rel = step;
  if (having !== undefined)
    rel = {
      kind: 'filter',
      input: step,
      condition: conditionOfGroups(replace.map(having), select, binder),
      fields: step.fields,
    };
  return { rel, expressions: raw.map((rex) => replace.map(rex)) };
}

function conditionOfGroups(condition: Rex, { having }: Select, binder: Binder): Rex {
  visitRex(condition, (one) => {
    if (one.kind === 'over')
      throw binder.invalid('Windowed aggregate expression is illegal in HAVING clause', having as Expression);
  });
  return condition;
}

/** Each group once; `positions` says which one each became. */
function unique(list: readonly Rex[]): { groups: Rex[]; positions: number[] } {
  const groups: Rex[] = [];
  const seen = new Map<string, number>();
  const positions = list.map((rex) => {
    const key = rexKey(rex);
    const at = seen.get(key) ?? groups.push(rex) - 1;
    seen.set(key, at);
    return at;
  });
  return { groups, positions };
}

function callOf(found: FoundAggregate, below: Below, name: string | undefined): AggregateCall {
  return {
    function: found.function,
    operands: found.operands.map((operand) => below.column(operand)),
    distinct: found.distinct,
    ...(found.filter === undefined ? {} : { filter: below.column(found.filter) }),
    type: found.type,
    name: name ?? '',
    ...(found.options === undefined ? {} : { options: found.options }),
    ...(found.span === undefined ? {} : { span: found.span }),
  };
}

function aggregateStep(
  input: Rel,
  groupCount: number,
  calls: readonly AggregateCall[],
  sets: readonly (readonly number[])[] | undefined,
  window: { spec: WindowSpec; properties: readonly WindowProperty[] } | undefined,
): Rel {
  const groups = Array.from({ length: groupCount }, (_, i) => i);
  const keyFields = groups.map((i): PlanField => {
    const field = input.fields[i] as PlanField;
    const always = sets === undefined || sets.every((set) => set.includes(i));
    return always ? field : { ...field, type: field.type.nullable() as AnyType };
  });
  const callFields = calls.map(({ name, type }, i): PlanField => ({ name: name === '' ? `agg#${i}` : name, type }));
  const propertyFields = (window?.properties ?? []).map((property): PlanField => {
    const field = input.fields[window?.spec.time as number] as PlanField;
    const base = { name: `w$${property}`, type: windowPropertyType(property, field.type) };
    return property === 'rowtime' || property === 'proctime' ? { ...base, time: property } : base;
  });
  const all = [...keyFields, ...callFields, ...propertyFields];
  const names = uniqueNames(all.map(({ name }) => name));
  const fields = all.map((field, i): PlanField => ({ ...field, name: names[i] as string }));
  const named = calls.map((one, i): AggregateCall => ({ ...one, name: names[groupCount + i] as string }));
  if (window !== undefined) {
    return {
      kind: 'groupWindowAggregate',
      input,
      window: window.spec,
      groups,
      calls: named,
      properties: window.properties,
      fields,
    };
  }
  return { kind: 'aggregate', input, groups, ...(sets === undefined ? {} : { sets }), calls: named, fields };
}

/** The projection below: what groups and aggregates take, each once. */
class Below {
  readonly #expressions: Rex[] = [];
  readonly #names: (string | undefined)[] = [];
  readonly #seen = new Map<string, number>();
  constructor(private readonly input: Rel) {}
  column(rex: Rex, name?: string): number {
    const key = rexKey(rex);
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    const at = this.#expressions.push(rex) - 1;
    this.#seen.set(key, at);
    this.#names.push(name ?? (rex.kind === 'input' ? this.input.fields[rex.index]?.name : undefined));
    return at;
  }
  build(): Rel {
    const { fields } = this.input;
    const expressions = this.#expressions;
    // COUNT(*) alone takes no column; a row has to have one.
    if (expressions.length === 0) this.column(literal(0, types.int().notNull() as AnyType));
    const names = expressions.map((_, i) => this.#names[i] ?? `$f${i}`);
    const made = project(this.input, expressions, names);
    return made.kind === 'project'
      ? { ...made, fields: made.fields.map((field, i) => fieldFor(field.name, expressions[i] as Rex, fields)) }
      : made;
  }
}

/** Turns expressions over the rows that are grouped into expressions over the groups. */
class Ungroup {
  constructor(
    private readonly step: Rel,
    private readonly groups: number,
    private readonly calls: number,
    private readonly keys: ReadonlyMap<string, number>,
    private readonly binder: Binder,
  ) {}

  private at(index: number): Rex {
    return inputRef(index, (this.step.fields[index] as PlanField).type);
  }

  map(rex: Rex): Rex {
    const mark = markOf(rex);
    if (mark !== undefined) return this.at(this.groups + (mark.what === 'aggregate' ? 0 : this.calls) + mark.index);
    const group = this.keys.get(rexKey(rex));
    if (group !== undefined) return this.at(group);
    const map = (one: Rex): Rex => this.map(one);
    switch (rex.kind) {
      case 'input':
      // A column of a row outside has to be grouped by too, in Flink.
      case 'correlated':
        throw this.notGrouped(rex);
      case 'call':
        return { ...rex, operands: rex.operands.map(map) };
      case 'field':
        return { ...rex, operand: map(rex.operand) };
      case 'over':
        return {
          ...rex,
          operands: rex.operands.map(map),
          partitionBy: rex.partitionBy.map(map),
          orderBy: rex.orderBy.map((key) => ({ ...key, expression: map(key.expression) })),
        };
      case 'subquery': {
        const { correlation } = rex;
        const operands = rex.operands.map(map);
        if (correlation === undefined) return { ...rex, operands };
        const rel = mapRelExpressions(rex.rel, (one) => {
          if (one.kind !== 'correlated' || one.id !== correlation) return one;
          const index = this.keys.get(rexKey(inputRef(one.index, one.type)));
          if (index === undefined)
            throw this.binder.invalid(`Expression '${one.name}' is not being grouped`, { span: rex.span ?? NOWHERE });
          const { name, type } = this.step.fields[index] as PlanField;
          return { ...one, index, name, type };
        });
        return { ...rex, operands, rel };
      }
      default:
        return rex;
    }
  }

  private notGrouped(rex: InputRef | CorrelatedRef): Error {
    const node = this.binder.origins.get(rex);
    const name = node === undefined ? (rex.kind === 'input' ? `$${rex.index}` : rex.name) : textOf(node);
    return this.binder.invalid(
      `Expression '${name}' is not being grouped`,
      { span: node?.span ?? NOWHERE },
      `add it to GROUP BY, or take MIN, MAX, SUM ... of it`,
    );
  }
}

const NOWHERE = { offset: 0, line: 1, column: 1, length: 1 };

function textOf(node: Expression): string {
  return node.kind === 'column' ? node.parts.map(({ name }) => name).join('.') : unparseExpression(node);
}
