import { type AnyType, type as types } from '../../core/types/index.js';
import { buildCall, buildCast, leastRestrictive, literalOf, typeOfAst } from '../expressions/index.js';
import { calciteName } from '../functions/types.js';
import { call, type Rex, type RexSubquery } from '../plan/rex.js';
import type { CaseExpression, Expression, InExpression, QuantifiedExpression } from '../sql/ast/index.js';
import type { Query } from '../sql/ast/queries.js';
import { bindCall } from './calls.js';
import type { ExpressionEnv } from './env.js';
import { bindExpr, bindSubquery } from './mutual.js';
import { timeOf } from './rex-tools.js';
import { fieldAccess, resolveColumn } from './scope.js';

/** Finds out what an expression means over the rows of `env.scope`. */
export function expressionRule(node: Expression, env: ExpressionEnv): Rex {
  const { binder } = env;
  const special = env.pattern?.call(node, env);
  if (special !== undefined) return special;
  const bind = (inner: Expression): Rex => bindExpr(inner, env);
  const apply = (name: string, operands: readonly Rex[]): Rex => buildCall(name, operands, binder.site(node));
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'binary':
    case 'keyword':
    case 'datetime':
    case 'interval':
    case 'signedNumber':
      return literalOf(node, binder.context.sql);
    case 'column':
      return column(node, env);
    case 'prefix':
      if (node.operator === '+') return apply('+/1', [bind(node.operand)]);
      if (node.operator === '-') return apply('-/1', [bind(node.operand)]);
      if (node.operator === 'NOT') return apply('NOT', [bind(node.operand)]);
      if (node.operator === 'EXISTS' && node.operand.kind === 'subquery') {
        return subquery(node.operand.query, env, { form: 'exists', operands: [], node });
      }
      throw binder.invalid(`No match found for function signature ${node.operator}`, node);
    case 'postfix':
      return apply(node.operator, [bind(node.operand)]);
    case 'binary-operation':
      return comparisonOfRows(node, env) ?? apply(node.operator, [bind(node.left), bind(node.right)]);
    case 'between': {
      const name = node.negated ? 'NOT BETWEEN' : 'BETWEEN';
      const [operand, low, high] = [bind(node.operand), bind(node.low), bind(node.high)];
      const one = apply(name, [operand, low, high]);
      if (!node.symmetric) return one;
      return apply(node.negated ? 'AND' : 'OR', [one, apply(name, [operand, high, low])]);
    }
    case 'in':
      return inList(node, env);
    case 'quantified':
      return quantified(node, env);
    case 'like': {
      if (node.operator === 'ILIKE' || node.operator === 'RLIKE')
        throw binder.invalid(
          `No match found for function signature ${node.operator}`,
          node,
          node.operator === 'ILIKE' ? 'LOWER(a) LIKE b' : 'REGEXP(a, b)',
        );
      const operands = [node.operand, node.pattern, ...(node.escape === undefined ? [] : [node.escape])].map(bind);
      const made = apply(node.operator, operands);
      return node.negated ? apply('NOT', [made]) : made;
    }
    case 'case':
      return caseOf(node, env);
    case 'cast':
      return castOf(node, env);
    case 'row':
      return apply('ROW', node.values.map(bind));
    case 'collection':
      return apply(node.collection, node.values.map(bind));
    case 'item':
      return apply('ITEM', [bind(node.collection), bind(node.index)]);
    case 'field':
      return fieldAccess(bind(node.operand), node.field, binder);
    case 'subquery':
      return subquery(node.query, env, { form: 'scalar', operands: [], node });
    case 'intervalExpression': {
      const unit = literalOf(
        { kind: 'interval', sign: node.sign, text: '1', qualifier: node.qualifier, span: node.span },
        binder.context.sql,
      );
      return apply('*', [bind(node.operand), unit]);
    }
    case 'differenceInterval': {
      const { operand, qualifier } = node;
      if (operand.kind !== 'binary-operation' || operand.operator !== '-')
        throw binder.missing('DIFFERENCE INTERVAL', node);
      const months = qualifier.start === 'YEAR' || qualifier.start === 'MONTH';
      const sides = [bind(operand.left), bind(operand.right)];
      return buildCall('MINUS_DATE', sides, { ...binder.site(node), options: { months } });
    }
    case 'odbc':
      return bind(node.call);
    case 'call':
      return bindCall(node, env);
    case 'star':
      throw binder.invalid("Unknown identifier '*'", node, '* stands in a SELECT list, or in COUNT(*)');
    case 'parameter':
      throw binder.invalid('Illegal use of dynamic parameter', node, 'write the value itself, or use an sql template');
    case 'running':
      return refuse(node, env, `${node.mode} is only known in MATCH_RECOGNIZE`);
    case 'collectionQuery':
      throw binder.refused(`${node.collection}(SELECT ...)`, node, 'COLLECT and ARRAY_AGG gather rows');
    default:
      throw binder.refused(wordsFor(node.kind), node);
  }
}

function refuse(node: Expression, { binder }: ExpressionEnv, message: string): never {
  throw binder.invalid(message, node);
}

function wordsFor(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toUpperCase();
}

function column(node: Extract<Expression, { kind: 'column' }>, env: ExpressionEnv): Rex {
  const { binder, aliases, scope } = env;
  const [first] = node.parts;
  if (first !== undefined && node.parts.length === 1) {
    const meant = aliases?.get(first.name);
    if (meant !== undefined) {
      const { aliases: _, ...rest } = env;
      return bindExpr(meant, rest);
    }
  }
  const made = remember(resolveColumn(node.parts, scope, binder), node, env);
  return made;
}

/** Notes where in the text a column comes from, and that grouping sets make it nullable. */
export function remember(rex: Rex, node: Expression, env: ExpressionEnv): Rex {
  const nullable = env.nullable === true && env.inAggregate !== true;
  if (rex.kind === 'field') {
    const made = { ...rex, operand: remember(rex.operand, node, env) };
    return nullable ? ({ ...made, type: made.type.nullable() } as Rex) : made;
  }
  if (rex.kind !== 'input') return rex;
  const made = nullable ? { ...rex, type: rex.type.nullable() as AnyType } : { ...rex };
  env.binder.origins.set(made, node);
  return made;
}

/** `(a, b) = (1, 2)`: each with each. */
function comparisonOfRows(
  node: Extract<Expression, { kind: 'binary-operation' }>,
  env: ExpressionEnv,
): Rex | undefined {
  const { left, right, operator } = node;
  if (left.kind !== 'row' || right.kind !== 'row' || (operator !== '=' && operator !== '<>')) return undefined;
  const { binder } = env;
  if (left.values.length !== right.values.length) {
    throw binder.invalid('Unequal number of entries in ROW expressions', node);
  }
  const parts = left.values.map((value, i) =>
    buildCall(operator, [bindExpr(value, env), bindExpr(right.values[i] as Expression, env)], binder.site(node)),
  );
  return parts.reduce((a, b) => buildCall(operator === '=' ? 'AND' : 'OR', [a, b], binder.site(node)));
}

function inList(node: InExpression, env: ExpressionEnv): Rex {
  const { binder } = env;
  const site = binder.site(node);
  const [only] = node.values;
  if (only?.kind === 'subquery' && node.values.length === 1) {
    const operands = (node.operand.kind === 'row' ? node.operand.values : [node.operand]).map((one) =>
      bindExpr(one, env),
    );
    const made = subquery(only.query, env, { form: 'in', operator: '=', operands, node });
    return node.negated ? buildCall('NOT', [made], site) : made;
  }
  if (node.operand.kind === 'row') {
    const { operand } = node;
    const parts = node.values.map((value): Rex => {
      const equal = comparisonOfRows(
        {
          kind: 'binary-operation',
          operator: '=',
          operatorSpan: node.span,
          left: operand,
          right: value,
          span: node.span,
        },
        env,
      );
      if (equal === undefined) throw binder.invalid('Values passed to IN operator must have compatible types', node);
      return equal;
    });
    const any = parts.reduce((a, b) => buildCall('OR', [a, b], site));
    return node.negated ? buildCall('NOT', [any], site) : any;
  }
  return buildCall(
    node.negated ? 'NOT IN' : 'IN',
    [node.operand, ...node.values].map((one) => bindExpr(one, env)),
    site,
  );
}

function quantified(node: QuantifiedExpression, env: ExpressionEnv): Rex {
  const { binder } = env;
  const operand = bindExpr(node.operand, env);
  const [only] = node.values;
  if (only?.kind === 'subquery' && node.values.length === 1) {
    const form = node.quantifier === 'ALL' ? 'all' : 'some';
    return subquery(only.query, env, { form, operator: node.operator, operands: [operand], node });
  }
  const site = binder.site(node);
  return node.values
    .map((value) => buildCall(node.operator, [operand, bindExpr(value, env)], site))
    .reduce((a, b) => buildCall(node.quantifier === 'ALL' ? 'AND' : 'OR', [a, b], site));
}

function caseOf(node: CaseExpression, env: ExpressionEnv): Rex {
  const { binder } = env;
  const site = binder.site(node);
  const operands: Rex[] = [];
  const subject = node.operand === undefined ? undefined : bindExpr(node.operand, env);
  for (const when of node.whens) {
    const conditions = when.conditions.map((condition) => {
      const made = bindExpr(condition, env);
      return subject === undefined ? made : buildCall('=', [subject, made], binder.site(condition));
    });
    operands.push(conditions.reduce((a, b) => buildCall('OR', [a, b], site)));
    operands.push(bindExpr(when.result, env));
  }
  operands.push(
    node.otherwise === undefined
      ? { kind: 'literal', value: null, type: types.null() as AnyType }
      : bindExpr(node.otherwise, env),
  );
  return buildCall('CASE', operands, site);
}

function castOf(node: Extract<Expression, { kind: 'cast' }>, env: ExpressionEnv): Rex {
  const { binder, scope } = env;
  const operand = bindExpr(node.operand, env);
  const type = typeOfAst(node.type, binder.context.sql);
  const made = buildCast(node.function, operand, type, binder.site(node));
  // A time attribute that was cast is none any more, also when its type stays.
  if (made === operand && timeOf(operand, scope.fields) !== undefined) {
    return call('CAST', [operand], operand.type, { span: node.span });
  }
  return made;
}

interface SubqueryUse {
  readonly form: RexSubquery['form'];
  readonly operator?: string;
  readonly operands: readonly Rex[];
  readonly node: Expression;
}

function subquery(query: Query, env: ExpressionEnv, { form, operator, operands, node }: SubqueryUse): Rex {
  const { binder, scope } = env;
  const { made, id } = scope.correlated(() => bindSubquery(query, env));
  const { rel } = made;
  const base = { kind: 'subquery', form, rel, span: node.span } as const;
  const correlation = id === undefined ? {} : { correlation: id };
  const boolean = types.boolean() as AnyType;
  if (form === 'exists') return { ...base, ...correlation, operands, type: boolean.notNull() as AnyType };
  if (form === 'scalar') {
    const [field, ...more] = rel.fields;
    if (field === undefined || more.length > 0) {
      const record = made.rel.fields.map((f, i) => `${calciteName(f.type)} ${made.names[i]?.toUpperCase()}`).join(', ');
      throw binder.invalid(
        `Cannot apply '$SCALAR_QUERY' to arguments of type '$SCALAR_QUERY(<RECORDTYPE(${record})>)'. Supported form(s): '$SCALAR_QUERY(<RECORDTYPE(SINGLE FIELD)>)'`,
        { span: query.span },
        'a query within an expression gives one column',
      );
    }
    return { ...base, ...correlation, operands, type: field.type.nullable() as AnyType };
  }
  if (rel.fields.length !== operands.length) {
    throw binder.invalid(
      'Values passed to IN operator must have compatible types',
      node,
      `${operands.length} on the left, ${rel.fields.length} in the query`,
    );
  }
  operands.forEach((operand, i) => {
    const other = (rel.fields[i] as { type: AnyType }).type;
    if (leastRestrictive([operand.type, other]) === undefined) {
      // The comparison itself says best what is wrong with it.
      buildCall(operator ?? '=', [operand, { kind: 'input', index: i, type: other }], binder.site(node));
      throw binder.invalid('Values passed to IN operator must have compatible types', node);
    }
  });
  const nullable = [...operands.map((one) => one.type), ...rel.fields.map((one) => one.type)].some(
    (one) => one.nullability === 'nullable',
  );
  return {
    ...base,
    ...correlation,
    ...(operator === undefined ? {} : { operator }),
    operands,
    type: nullable ? boolean : (boolean.notNull() as AnyType),
  };
}
