import { ValidationError } from './errors.js';
import { type PlanField, planSchema } from './plan/field.js';
import type { Rel } from './plan/rel.js';
import type { Rex } from './plan/rex.js';

/** What is derived from the columns that rows have. */
interface Derived {
  readonly computed?: Readonly<Record<string, string>>;
  readonly watermark?: Readonly<Record<string, string>>;
}

/** Reads an expression over columns. */
type Bind = (sql: string, fields: readonly PlanField[]) => Rex;

/** Further columns, each a SQL expression, and the watermark, above a table of rows. */
export function withDerived(input: Rel, { computed = {}, watermark = {} }: Derived, bind: Bind): Rel {
  return withTime(withComputed(input, computed, bind), watermark, bind);
}

function withComputed(input: Rel, computed: Readonly<Record<string, string>>, bind: Bind): Rel {
  const made = Object.entries(computed).map(([name, sql]) => ({ name, rex: bind(sql, input.fields) }));
  if (made.length === 0) return input;
  const proctime = (rex: Rex): Partial<PlanField> =>
    rex.kind === 'call' && rex.function === 'PROCTIME' ? { time: 'proctime' } : {};
  return {
    kind: 'project',
    input,
    expressions: [
      ...input.fields.map((field, index) => ({ kind: 'input' as const, index, type: field.type })),
      ...made.map(({ rex }) => rex),
    ],
    fields: [...input.fields, ...made.map(({ name, rex }) => ({ name, type: rex.type, ...proctime(rex) }))],
  };
}

function withTime(input: Rel, watermark: Readonly<Record<string, string>>, bind: Bind): Rel {
  const [entry] = Object.entries(watermark);
  if (entry === undefined) return input;
  const [name, sql] = entry;
  const { type } = planSchema(input.fields).field(name);
  if (type.root !== 'TIMESTAMP' && type.root !== 'TIMESTAMP_LTZ') {
    throw new ValidationError(
      `Invalid data type of time field for watermark definition. The field must be of type TIMESTAMP(p) or TIMESTAMP_LTZ(p), but \`${name}\` is ${type}`,
      {
        hint: `make a column of it: computed: { ${name}_time: 'TO_TIMESTAMP_LTZ(${name}, 3)' }, watermark: { ${name}_time: ... }`,
      },
    );
  }
  const column = input.fields.findIndex((field) => field.name === name);
  const fields = input.fields.map((field, i) => (i === column ? { ...field, time: 'rowtime' as const } : field));
  return { kind: 'watermark', input, column, watermark: bind(sql, input.fields), fields };
}
