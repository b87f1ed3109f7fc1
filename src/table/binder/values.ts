import type { AnyType } from '../../core/types/index.js';
import { type as types } from '../../core/types/index.js';
import { castTo, leastRestrictive } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import { literal, type Rex } from '../plan/rex.js';
import type { Values } from '../sql/ast/queries.js';
import { noBareNull } from './checks.js';
import type { BoundQuery, QueryEnv } from './env.js';
import { bindExpr } from './mutual.js';
import { Scope } from './scope.js';

/** The one row without columns that a SELECT without FROM reads; it has one, because a row has to have one. */
export function oneRow(): Rel {
  const type = types.int().notNull() as AnyType;
  return { kind: 'values', rows: [[literal(0, type)]], fields: [{ name: 'ZERO', type }] };
}

/** VALUES (1, 'a'), (2, 'b'): columns of the types that all rows can be converted to. */
export function bindValues(node: Values, env: QueryEnv): BoundQuery {
  const { binder } = env;
  const scope = new Scope([], [], [], env.outer);
  const rows = node.rows.map((row) =>
    row.values.map((value): Rex => {
      if (value.kind === 'default') throw binder.invalid('DEFAULT is only known in INSERT INTO', value);
      noBareNull(value, binder);
      return bindExpr(value, { ...env, scope, clause: 'VALUES' });
    }),
  );
  const width = rows[0]?.length ?? 0;
  node.rows.forEach((row, i) => {
    if (rows[i]?.length === width) return;
    throw binder.invalid(
      'Values passed to VALUES operator must have compatible types',
      row,
      `the first row has ${width} values, this one has ${rows[i]?.length}`,
    );
  });
  const fields = Array.from({ length: width }, (_, i): PlanField => {
    const type = leastRestrictive(rows.map((row) => (row[i] as Rex).type));
    if (type === undefined) {
      throw binder.invalid(
        'Values passed to VALUES operator must have compatible types',
        node,
        `column ${i + 1} has ${[...new Set(rows.map((row) => String((row[i] as Rex).type)))].join(' and ')}`,
      );
    }
    return { name: `EXPR$${i}`, type };
  });
  const made = rows.map((row) =>
    row.map((rex, i): Rex => {
      const wanted = (fields[i] as PlanField).type;
      if (rex.kind === 'literal' && rex.value === null) return literal(null, wanted.nullable() as AnyType);
      return castTo(rex, (rex.type.nullability === 'nullable' ? wanted.nullable() : wanted.notNull()) as AnyType);
    }),
  );
  return { rel: { kind: 'values', rows: made, fields }, names: fields.map(({ name }) => name) };
}
