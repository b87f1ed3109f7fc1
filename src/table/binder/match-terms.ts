import type { AnyType } from '../../core/types/index.js';
import { buildAggregate, buildCall, castTo, isAggregateName, visitRex } from '../expressions/index.js';
import { T } from '../functions/types.js';
import type { PlanField } from '../plan/field.js';
import type { MatchExpression, MatchTerm } from '../plan/match.js';
import { inputRef, literal, type Rex } from '../plan/rex.js';
import type { Argument, Call, Expression } from '../sql/ast/expressions.js';
import { aggregateOperands } from './aggregate-operands.js';
import type { ExpressionEnv } from './env.js';
import { bindExpr } from './mutual.js';
import { rexKey } from './rex-tools.js';
import { resolveColumn } from './scope.js';
import { nameOfCall } from './walk.js';

const NAVIGATION = new Set(['FIRST', 'LAST']);

/** Binds an expression of DEFINE or MEASURES: what it takes from rows becomes a term, and the expression is over those. */
export class TermBinder {
  private readonly terms: MatchTerm[] = [];
  private readonly keys = new Map<string, number>();

  constructor(
    private readonly variables: readonly string[],
    private readonly env: ExpressionEnv,
    /** Whether a variable surely has a row, so that its columns are not NULL for want of one. */
    private readonly sure: (variable: number | undefined) => boolean,
  ) {}

  bind(node: Expression, make: (env: ExpressionEnv) => Rex = (env) => bindExpr(node, env)): MatchExpression {
    const expression = make({
      ...this.env,
      pattern: { variables: new Set(this.variables), call: (inner, env) => this.term(inner, env) },
    });
    for (const rex of [
      expression,
      ...this.terms.flatMap((term) =>
        term.kind === 'row' ? [term.expression] : term.kind === 'time' ? [] : term.operands,
      ),
    ]) {
      visitRex(rex, ({ kind }) => {
        if (kind !== 'subquery') return;
        throw this.env.binder.invalid(
          'a subquery cannot stand in MATCH_RECOGNIZE: no SELECT scope',
          node,
          'JOIN before it',
        );
      });
    }
    return { terms: this.terms, expression };
  }

  private term(node: Expression, env: ExpressionEnv): Rex | undefined {
    const { binder } = env;
    if (node.kind === 'column') {
      const { variable, rex } = this.inner(node);
      return this.row('last', 0, variable, rex);
    }
    if (node.kind === 'running') {
      // MEASURES see the whole match anyway.
      if (node.mode === 'FINAL') return bindExpr(node.call, env);
      throw binder.invalid('Unsupported call: RUNNING', node, 'leave it out: DEFINE sees the rows so far');
    }
    if (node.kind !== 'call') return undefined;
    const name = nameOfCall(node);
    if (name === 'PREV' || name === 'NEXT') {
      throw binder.invalid(
        'Flink does not support physical offsets within partition.',
        node,
        'use LAST(A.x, 1), which counts rows of the variable',
      );
    }
    if (name === 'CLASSIFIER') throw binder.invalid('Unsupported call: CLASSIFIER()', node);
    if (name === 'MATCH_NUMBER') throw binder.invalid('No match found for function signature MATCH_NUMBER ().', node);
    if (NAVIGATION.has(name)) return this.navigation(node, name === 'FIRST' ? 'first' : 'last', env);
    if (name === 'MATCH_ROWTIME' || name === 'MATCH_PROCTIME') return this.time(node, name);
    return isAggregateName(name, binder.site(node)) ? this.aggregate(node, name, env) : undefined;
  }

  /** An expression over the columns of one variable's row. */
  private inner(node: Expression): { readonly variable: number | undefined; readonly rex: Rex } {
    const found = new Set<number | undefined>();
    const rex = bindExpr(node, this.innerEnv(found));
    return { rex, variable: this.one(found, node) };
  }

  private innerEnv(found: Set<number | undefined>): ExpressionEnv {
    const { binder, scope } = this.env;
    return {
      ...this.env,
      pattern: {
        variables: new Set(this.variables),
        call: (one) => {
          if (one.kind !== 'column') return undefined;
          const [first, ...rest] = one.parts;
          const variable = rest.length === 0 ? -1 : this.variables.indexOf(first?.name ?? '');
          found.add(variable < 0 ? undefined : variable);
          return resolveColumn(variable < 0 ? one.parts : rest, scope, binder);
        },
      },
    };
  }

  private one(found: ReadonlySet<number | undefined>, node: Expression): number | undefined {
    if (found.size > 1) {
      throw this.env.binder.invalid('Aggregates and FIRST, LAST take columns of one pattern variable only', node);
    }
    const [variable] = found;
    return variable;
  }

  private navigation(node: Call, from: 'first' | 'last', env: ExpressionEnv): Rex {
    const [value, distance] = node.arguments as [Expression, Expression | undefined];
    if (value === undefined || node.arguments.length > 2) {
      throw env.binder.invalid(`Invalid number of arguments to function '${nameOfCall(node)}'`, node);
    }
    const { variable, rex } = this.inner(value);
    const offset = distance === undefined ? literal(0, rex.type) : bindExpr(distance, env);
    if (offset.kind !== 'literal' || !Number.isInteger(Number(offset.value)) || Number(offset.value) < 0) {
      throw env.binder.invalid(`the offset of ${nameOfCall(node)} has to be a constant from 0`, distance ?? node);
    }
    return this.row(from, Number(offset.value), variable, rex);
  }

  private time(node: Call, name: string): Rex {
    const { scope, binder } = this.env;
    if (name === 'MATCH_PROCTIME') return buildCall('PROCTIME', [], binder.site(node));
    const field = scope.fields.find(({ time }: PlanField) => time === 'rowtime');
    if (field === undefined) throw binder.invalid(`${name}() needs a rowtime attribute in the input`, node);
    return this.add({
      kind: 'time',
      // Flink gives the ms of a rowtime with the zone as they are, as a TIMESTAMP, where it is not asked for that column.
      type: node.arguments.length === 0 ? (T.timestamp(3).notNull() as AnyType) : field.type,
    });
  }

  private aggregate(node: Call, name: string, env: ExpressionEnv): Rex {
    const { binder } = env;
    if (node.quantifier !== undefined) {
      throw binder.invalid(`DISTINCT/ALL not allowed with ${name} function`, node);
    }
    const found = new Set<number | undefined>();
    const given = aggregateOperands(node, this.innerEnv(found));
    const variable = this.one(found, (node.arguments[0] as Argument as Expression) ?? node);
    const built = buildAggregate(name, given, binder.site(node));
    const operands = given.map((operand, i) => castTo(operand, built.operandTypes[i] ?? operand.type));
    return this.add({
      kind: 'aggregate',
      ...(variable === undefined ? {} : { variable }),
      operands,
      call: {
        function: built.function,
        operands: operands.map((_, i) => i),
        distinct: false,
        type: built.type,
        name: 'a',
        span: node.span,
      },
      type: built.type,
    });
  }

  private row(from: 'first' | 'last', offset: number, variable: number | undefined, expression: Rex): Rex {
    const type = offset === 0 && this.sure(variable) ? expression.type : (expression.type.nullable() as AnyType);
    return this.add({ kind: 'row', ...(variable === undefined ? {} : { variable }), from, offset, expression, type });
  }

  private add(term: MatchTerm): Rex {
    const key = rexKey(term as never);
    let at = this.keys.get(key);
    if (at === undefined) {
      at = this.terms.push(term) - 1;
      this.keys.set(key, at);
    }
    return inputRef(at, term.type);
  }
}
