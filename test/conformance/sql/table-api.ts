import { type AnyType, type as types } from '../../../src/core/types/index.js';
import * as api from '../../../src/table/index.js';
import { type Py, parsePython } from './python.js';

/** A word of the notation that the runner does not know: the case is skipped, never passed. */
export class UnknownPython extends Error {}

/** What a piece of the notation stands for. */
type Value = unknown;

const camel = (name: string): string =>
  name.replace(/_+$/, '').replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Properties of PyFlink's expressions: written without parentheses. */
const PROPERTIES: ReadonlySet<string> = new Set(
  (
    'sum sum0 avg min max count start end rowtime proctime is_null is_not_null is_true is_false is_not_true is_not_false ' +
    'upper_case lower_case init_cap char_length asc desc seconds second minutes minute hours hour days day milli millis distinct ' +
    'abs exp floor ceil ln log10 log2 sqrt md5 sha256 trim cardinality element to_date to_timestamp collect array_agg ' +
    'first_value last_value stddev_pop stddev_samp var_pop var_samp'
  ).split(' '),
);
const RENAMED: Readonly<Record<string, string>> = {
  alias: 'as',
  second: 'seconds',
  minute: 'minutes',
  hour: 'hours',
  day: 'days',
  milli: 'millis',
  over_window: 'overWindow',
  order_by: 'orderBy',
};
const OPERATORS: Readonly<Record<string, string>> = {
  '+': 'plus',
  '-': 'minus',
  '*': 'times',
  '/': 'dividedBy',
  '%': 'mod',
  '**': 'power',
  '==': 'isEqual',
  '!=': 'isNotEqual',
  '<': 'isLess',
  '<=': 'isLessOrEqual',
  '>': 'isGreater',
  '>=': 'isGreaterOrEqual',
  '&': 'and',
  '|': 'or',
};
const FUNCTIONS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  col: api.col,
  lit: api.lit,
  concat: api.concat,
  concat_ws: api.concatWs,
  if_then_else: api.ifThenElse,
  coalesce: api.coalesce,
  row_interval: api.rowInterval,
  array: api.array,
  map_: api.map,
  row: api.row,
  not_: api.not,
  null_of: api.nullOf,
  and_: (first: api.Expression, ...others: api.Expression[]) => first.and(...others),
  or_: (first: api.Expression, ...others: api.Expression[]) => first.or(...others),
} as never;
const CONSTANTS: Readonly<Record<string, unknown>> = {
  Tumble: api.Tumble,
  Slide: api.Slide,
  Session: api.Session,
  Over: api.Over,
  UNBOUNDED_RANGE: api.UNBOUNDED_RANGE,
  UNBOUNDED_ROW: api.UNBOUNDED_ROW,
  CURRENT_ROW: api.CURRENT_ROW,
  CURRENT_RANGE: api.CURRENT_RANGE,
};
const DATA_TYPES: Readonly<Record<string, (...args: never[]) => AnyType>> = {
  STRING: () => types.string(),
  INT: () => types.int(),
  TINYINT: () => types.tinyint(),
  SMALLINT: () => types.smallint(),
  BIGINT: () => types.bigint(),
  FLOAT: () => types.float(),
  DOUBLE: () => types.double(),
  BOOLEAN: () => types.boolean(),
  DATE: () => types.date(),
  BYTES: () => types.bytes(),
  DECIMAL: (precision: number, scale: number) => types.decimal(precision, scale),
  CHAR: (length: number) => types.char(length),
  VARCHAR: (length: number) => types.varchar(length),
  TIME: (precision = 0) => types.time(precision),
  TIMESTAMP: (precision = 6) => types.timestamp(precision),
  TIMESTAMP_LTZ: (precision = 6) => types.timestampLtz(precision),
  ARRAY: (element: AnyType) => types.array(element),
  MAP: (key: AnyType, value: AnyType) => types.map(key, value),
} as never;

/** Builds the program of a Table API case. @throws UnknownPython */
export function tableOfPython(
  text: string,
  t: api.TableEnvironment,
  names: readonly string[],
): api.Table | api.TableResult {
  const value = new Builder(t, new Set(names)).value(parsePython(text));
  if (value instanceof api.Table || value instanceof api.TableResult) return value;
  throw new UnknownPython('the program gives no table');
}

const isExpression = (value: Value): value is api.Expression => value instanceof api.Expression;

class Builder {
  constructor(
    private readonly t: api.TableEnvironment,
    private readonly tables: ReadonlySet<string>,
  ) {}

  value(py: Py): Value {
    switch (py.kind) {
      case 'string':
      case 'constant':
        return py.value;
      case 'number':
        return py.float && Number.isInteger(py.value) ? api.lit(py.value, types.double().notNull()) : py.value;
      case 'tuple':
      case 'list':
        return py.items.map((item) => this.value(item));
      case 'name':
        return this.name(py.name);
      case 'attribute':
        return this.attribute(py.of, py.name);
      case 'call':
        return this.call(py);
      case 'unary':
        return this.unary(py.operator, this.value(py.operand));
      case 'binary':
        return this.binary(py.operator, this.value(py.left), this.value(py.right));
      case 'item':
        throw new UnknownPython('an index');
    }
  }

  private name(name: string): Value {
    if (this.tables.has(name)) return this.t.from(`\`${name}\``);
    if (name === 't_env') return this.t;
    if (Object.hasOwn(CONSTANTS, name)) return CONSTANTS[name];
    throw new UnknownPython(`the name ${name}`);
  }

  private attribute(of: Py, name: string): Value {
    const value = this.value(of);
    if (isExpression(value) && PROPERTIES.has(name)) return this.method(value, name, []);
    throw new UnknownPython(`the attribute ${name}`);
  }

  private call({ callee, args, names }: Extract<Py, { kind: 'call' }>): Value {
    if (Object.keys(names).length > 0) throw new UnknownPython('named arguments');
    const values = args.map((arg) => this.value(arg));
    if (callee.kind === 'name') {
      const found = Object.hasOwn(FUNCTIONS, callee.name) ? FUNCTIONS[callee.name] : undefined;
      if (found === undefined) throw new UnknownPython(`the function ${callee.name}`);
      return found(...(values as never[]));
    }
    if (callee.kind !== 'attribute') throw new UnknownPython('a call of something else than a name');
    if (callee.of.kind === 'name' && callee.of.name === 'DataTypes') return this.dataType(callee.name, values);
    const target = this.value(callee.of);
    if (target === this.t) return this.environment(callee.name, values);
    return this.method(target, callee.name, values);
  }

  private dataType(name: string, values: Value[]): AnyType {
    const make = Object.hasOwn(DATA_TYPES, name) ? DATA_TYPES[name] : undefined;
    if (make === undefined) throw new UnknownPython(`DataTypes.${name}`);
    return make(...(values as never[]));
  }

  private environment(name: string, values: Value[]): Value {
    const [text] = values;
    if (name === 'sql_query' && typeof text === 'string') return this.t.sqlQuery(text);
    if (name === 'execute_sql' && typeof text === 'string') return this.t.executeSql(text);
    if (name === 'from_path' && typeof text === 'string') return this.t.from(text);
    throw new UnknownPython(`t_env.${name}`);
  }

  private method(target: Value, name: string, values: Value[]): Value {
    const method = RENAMED[name] ?? camel(name);
    const found = (target as Record<string, unknown> | null)?.[method];
    if (typeof found !== 'function') throw new UnknownPython(`the method ${name}`);
    return (found as (...args: Value[]) => Value).apply(target, values);
  }

  private unary(operator: string, operand: Value): Value {
    if (typeof operand === 'number') return operator === '-' ? -operand : operand;
    if (!isExpression(operand)) throw new UnknownPython(`${operator} of a value`);
    if (operator === '~' || operator === 'not') return operand.not();
    if (operator === '-') return operand.negative();
    return operand;
  }

  private binary(operator: string, left: Value, right: Value): Value {
    if (typeof left === 'string' && operator === '%') return this.format(left, right);
    const method = OPERATORS[operator];
    if (method === undefined) throw new UnknownPython(`the operator ${operator}`);
    if (isExpression(left)) return this.method(left, method, [right]);
    if (isExpression(right)) return this.method(api.lit(left as never), method, [right]);
    throw new UnknownPython(`${operator} of values`);
  }

  private format(text: string, values: Value): string {
    const list = Array.isArray(values) ? [...values] : [values];
    return text.replace(/%(s|d|%)/g, (_, kind: string) => (kind === '%' ? '%' : String(list.shift())));
  }
}
