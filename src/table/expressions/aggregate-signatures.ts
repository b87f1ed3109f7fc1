import { type AnyType, type } from '../../core/types/index.js';
import { averageShape, totalShape } from '../../core/values/index.js';
import { cannotApply, checkForms, type Form } from '../functions/signature.js';
import { isNullable, T, withNull } from '../functions/types.js';
import type { CallOptions, Rex } from '../plan/rex.js';
import { requireAggregatable } from './aggregate-types.js';
import { type CallSite, invalid } from './call-site.js';
import { userOperands } from './user-operands.js';

/** Whether the result can be NULL: when nothing was aggregated or the operand can be; only as the operand; never; always. */
type NullRule = 'empty' | 'operand' | 'never' | 'always';

interface Signature {
  readonly forms: readonly Form[];
  readonly type: (operands: readonly AnyType[]) => AnyType;
  readonly nulls: NullRule;
  readonly overOnly?: true;
}

const first = ([t]: readonly AnyType[]): AnyType => t ?? T.bigint;
const BIGINT = (): AnyType => T.bigint;
const DOUBLE = (): AnyType => T.double;
const sum = ([t]: readonly AnyType[]): AnyType => (t?.root === 'DECIMAL' ? T.decimal(totalShape(t)) : (t as AnyType));
const average = ([t]: readonly AnyType[]): AnyType =>
  t?.root === 'DECIMAL' ? T.decimal(averageShape(t)) : (t as AnyType);
const numeric = (of: Signature['type'], nulls: NullRule = 'empty'): Signature => ({
  forms: [['NUMERIC']],
  type: of,
  nulls,
});
const rank = (of: Signature['type'] = BIGINT): Signature => ({ forms: [[]], type: of, nulls: 'never', overOnly: true });

const SIGNATURES: Readonly<Record<string, Signature>> = {
  COUNT: { forms: [['ANY...?']], type: BIGINT, nulls: 'never' },
  SUM: numeric(sum),
  $SUM0: numeric(sum, 'never'),
  AVG: numeric(average),
  MIN: { forms: [['COMPARABLE_TYPE']], type: first, nulls: 'empty' },
  MAX: { forms: [['COMPARABLE_TYPE']], type: first, nulls: 'empty' },
  STDDEV: numeric(average),
  STDDEV_POP: numeric(average),
  STDDEV_SAMP: numeric(average, 'always'),
  VAR_POP: numeric(average),
  VAR_SAMP: numeric(average, 'always'),
  VARIANCE: numeric(average, 'always'),
  FIRST_VALUE: { forms: [['ANY']], type: first, nulls: 'empty' },
  LAST_VALUE: { forms: [['ANY']], type: first, nulls: 'empty' },
  SINGLE_VALUE: { forms: [['ANY']], type: first, nulls: 'always' },
  LISTAGG: { forms: [['CHARACTER', 'CHARACTER?']], type: first, nulls: 'operand' },
  COLLECT: { forms: [['ANY']], type: ([t]) => type.multiset(t as AnyType) as AnyType, nulls: 'never' },
  ARRAY_AGG: { forms: [['ANY']], type: ([t]) => T.array(t as AnyType), nulls: 'operand' },
  JSON_OBJECTAGG: { forms: [['CHARACTER', 'ANY']], type: () => T.varchar(2000), nulls: 'never' },
  JSON_ARRAYAGG: { forms: [['ANY']], type: () => T.varchar(2000), nulls: 'never' },
  GROUPING: { forms: [['ANY...']], type: BIGINT, nulls: 'never' },
  GROUPING_ID: { forms: [['ANY...']], type: BIGINT, nulls: 'never' },
  GROUP_ID: { forms: [[]], type: BIGINT, nulls: 'never' },
  APPROX_COUNT_DISTINCT: { forms: [['ANY']], type: BIGINT, nulls: 'never' },
  ROW_NUMBER: rank(),
  RANK: rank(),
  DENSE_RANK: rank(),
  PERCENT_RANK: rank(DOUBLE),
  CUME_DIST: rank(DOUBLE),
  NTILE: { forms: [['INTEGER']], type: BIGINT, nulls: 'never', overOnly: true },
  LAG: { forms: [['ANY', 'NUMERIC?', 'ANY?']], type: first, nulls: 'always', overOnly: true },
  LEAD: { forms: [['ANY', 'NUMERIC?', 'ANY?']], type: first, nulls: 'always', overOnly: true },
};

/** Names of all aggregates, for suggestions. */
export function aggregateNames(): string[] {
  return Object.keys(SIGNATURES).filter((name) => !name.startsWith('$') && name !== 'SINGLE_VALUE');
}

/** Aggregates, and what is only used with OVER. */
export function isAggregateName(name: string, site: CallSite = {}): boolean {
  return Object.hasOwn(SIGNATURES, name.toUpperCase()) || site.functions?.resolve(name)?.kind === 'aggregate';
}

/** ROW_NUMBER, RANK, LAG and their kin: only with OVER. */
export function isOverOnly(name: string): boolean {
  const upper = name.toUpperCase();
  return Object.hasOwn(SIGNATURES, upper) && SIGNATURES[upper]?.overOnly === true;
}

const ALIASES: Readonly<Record<string, string>> = { STDDEV: 'STDDEV_SAMP', VARIANCE: 'VAR_SAMP' };

/**
 * Checks an aggregate, and says what type it has.
 *
 * @param more `over`: with OVER, where every group has a row; `grouped`: GROUP BY has keys; `filter`: it has a FILTER
 * @returns `operandTypes`: what the operands have to be cast to
 * @throws ValidationError with Flink's message
 */
export function buildAggregate(
  name: string,
  operands: readonly Rex[],
  more: CallSite & {
    readonly distinct?: boolean;
    readonly over?: boolean;
    readonly grouped?: boolean;
    readonly filter?: boolean;
    readonly options?: CallOptions;
  } = {},
): { function: string; type: AnyType; operandTypes: readonly AnyType[] } {
  const upper = name.toUpperCase();
  const signature = Object.hasOwn(SIGNATURES, upper) ? SIGNATURES[upper] : undefined;
  if (signature === undefined) return userAggregate(name, operands, more);
  if (signature.overOnly === true && more.over !== true) {
    throw invalid(`OVER clause is necessary for window functions`, more, `write ${upper}() OVER (... ORDER BY ...)`);
  }
  if (upper === 'COUNT' && operands.length > 1) {
    throw invalid(
      'We now only support the count of one field.',
      more,
      'COUNT(*) FILTER (WHERE a IS NOT NULL AND b IS NOT NULL)',
    );
  }
  if (upper === 'APPROX_COUNT_DISTINCT' && more.typesOnly !== true) {
    throw invalid(
      `${upper} aggregate function does not support yet for streaming.`,
      more,
      'COUNT(DISTINCT x) counts exactly',
    );
  }
  const types = operands.map((operand) => operand.type);
  if (upper === 'LISTAGG' && operands.length === 2 && operands[1]?.kind !== 'literal') {
    throw cannotApply(upper, types, ['LISTAGG(<CHARACTER>)', 'LISTAGG(<CHARACTER>, <CHARACTER_LITERAL>)'], more);
  }
  checkForms(upper, types, signature.forms, more);
  if (more.typesOnly !== true) requireAggregatable(upper, types[0], more.distinct === true, more);
  const base = signature.type(types);
  const empty = more.grouped !== true && more.over !== true;
  const operandNull = types.some((t) => isNullable(t) || t.root === 'NULL');
  let nullable =
    signature.nulls === 'always' ||
    (signature.nulls === 'operand' && operandNull) ||
    (signature.nulls === 'empty' && (operandNull || empty || more.filter === true));
  if (upper === 'LAG' && types.length === 3) checkDefault(types, more);
  // With a default there is always a value, whatever the column says: on Flink a NULL of the column comes out as -1 or ''.
  if ((upper === 'LAG' || upper === 'LEAD') && types.length === 3) {
    nullable = isNullable(types[2] as AnyType) || types[2]?.root === 'NULL';
  }
  const operandTypes = upper === 'LISTAGG' ? types : types.map((t) => (t.root === 'NULL' ? T.int : t));
  return { function: ALIASES[upper] ?? upper, type: withNull(base, nullable), operandTypes };
}

/** What values of a type are in Flink's own rows: the default of LAG has to be of the same class as its operand. */
function internalClass({ root }: AnyType): string {
  switch (root) {
    case 'CHAR':
      return 'VARCHAR';
    case 'BINARY':
      return 'VARBINARY';
    case 'DATE':
    case 'TIME':
      return 'INT';
    case 'TIMESTAMP_LTZ':
      return 'TIMESTAMP';
    default:
      return root;
  }
}

function checkDefault([operand, offset, otherwise]: readonly AnyType[], site: CallSite): void {
  if (operand === undefined || otherwise === undefined || otherwise.root === 'NULL') return;
  if (internalClass(operand) === internalClass(otherwise)) return;
  // Flink names the type of the offset here, and means that of the operand.
  throw invalid(
    `Please explicitly cast default value ${otherwise} to ${offset}.`,
    site,
    `write CAST(... AS ${operand.nullable()}): the default has to be of the type of what is lagged`,
  );
}

function userAggregate(
  name: string,
  operands: readonly Rex[],
  site: CallSite,
): { function: string; type: AnyType; operandTypes: readonly AnyType[] } {
  const user = site.functions?.resolve(name);
  if (user?.kind !== 'aggregate') throw invalid(`${name} is no aggregate function`, site);
  const made = userOperands(user, operands, site);
  return { function: user.name, type: made.type, operandTypes: made.operands.map((operand) => operand.type) };
}
