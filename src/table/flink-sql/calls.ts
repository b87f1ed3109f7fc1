import { INFIX } from '../functions/signature.js';
import type { CallOptions, RexCall } from '../plan/rex.js';
import { castType } from './literals.js';
import { NotInFlinkSqlError } from './refusal.js';

/** Written without parentheses where they take no operand. */
const BARE = new Set(['CURRENT_TIMESTAMP', 'LOCALTIMESTAMP', 'CURRENT_DATE', 'CURRENT_TIME', 'LOCALTIME']);
const POSTFIX = /^IS /;

type Write = (operands: readonly string[], call: RexCall) => string;

const list = (operands: readonly string[]): string => operands.join(', ');
const unit = ({ options }: RexCall): string => String(options?.unit);

const rounded =
  (name: string): Write =>
  (operands, call) =>
    call.options?.unit === undefined ? `${name}(${list(operands)})` : `${name}(${operands[0]} TO ${unit(call)})`;

const like =
  (word: string): Write =>
  ([value, pattern, sign]) =>
    `(${value} ${word} ${pattern}${sign === undefined ? '' : ` ESCAPE ${sign}`})`;

/** Functions with a form of their own. */
const FORMS: Readonly<Record<string, Write>> = {
  NOT: ([a]) => `(NOT ${a})`,
  '-/1': ([a]) => `(- ${a})`,
  '+/1': ([a]) => `(+ ${a})`,
  LIKE: like('LIKE'),
  'SIMILAR TO': like('SIMILAR TO'),
  MOD: ([a, b]) => `MOD(${a}, ${b})`,
  '%': ([a, b]) => `MOD(${a}, ${b})`,
  CAST: ([a], call) => `CAST(${a} AS ${targetOf(call)})`,
  TRY_CAST: ([a], call) => `TRY_CAST(${a} AS ${targetOf(call)})`,
  CASE: (operands) => {
    const pairs: string[] = [];
    for (let i = 0; i + 1 < operands.length; i += 2) pairs.push(`WHEN ${operands[i]} THEN ${operands[i + 1]}`);
    return `CASE ${pairs.join(' ')} ELSE ${operands.at(-1)} END`;
  },
  IN: ([a, ...rest]) => `(${a} IN (${list(rest)}))`,
  'NOT IN': ([a, ...rest]) => `(${a} NOT IN (${list(rest)}))`,
  ITEM: ([a, b]) => `${a}[${b}]`,
  ROW: (operands) => `ROW(${list(operands)})`,
  ARRAY: (operands) => `ARRAY[${list(operands)}]`,
  MAP: (operands) => `MAP[${list(operands)}]`,
  EXTRACT: ([a], call) => `EXTRACT(${unit(call)} FROM ${a})`,
  FLOOR: rounded('FLOOR'),
  CEIL: rounded('CEIL'),
  TIMESTAMPADD: (operands, call) => `TIMESTAMPADD(${unit(call)}, ${list(operands)})`,
  TIMESTAMPDIFF: (operands, call) => `TIMESTAMPDIFF(${unit(call)}, ${list(operands)})`,
  MINUS_DATE: ([a, b], { options }) => `((${a} - ${b}) ${options?.months === true ? 'MONTH' : 'DAY TO SECOND'})`,
  INTERVAL: ([a], call) => `(${a} * INTERVAL '1' ${unit(call)})`,
  TRIM: ([text, characters], { options }) => {
    const side = typeof options?.side === 'string' ? `${options.side} ` : '';
    if (characters === undefined) return side === '' ? `TRIM(${text})` : `TRIM(${side}FROM ${text})`;
    return `TRIM(${side === '' ? 'BOTH ' : side}${characters} FROM ${text})`;
  },
  POSITION: ([a, b]) => `POSITION(${a} IN ${b})`,
  OVERLAY: ([a, b, from, length]) =>
    `OVERLAY(${a} PLACING ${b} FROM ${from}${length === undefined ? '' : ` FOR ${length}`})`,
  OVERLAPS: ([a, b, c, d]) => `((${a}, ${b}) OVERLAPS (${c}, ${d}))`,
  JSON_EXISTS: (operands, { options }) => `JSON_EXISTS(${list(operands)}${onClause(options?.onError, 'ERROR')})`,
  JSON_VALUE: ([value, path, empty, error], { options }) => {
    const returning = options?.returning === undefined ? '' : ` RETURNING ${castType(options.returning as never)}`;
    const onEmpty = onClause(options?.onEmpty, 'EMPTY', empty);
    return `JSON_VALUE(${value}, ${path}${returning}${onEmpty}${onClause(options?.onError, 'ERROR', error)})`;
  },
  JSON_QUERY: (operands, { options }) => {
    const returning = options?.returning === undefined ? '' : ` RETURNING ${castType(options.returning as never)}`;
    const wrapper = typeof options?.wrapper === 'string' ? ` ${wrapperText(options.wrapper)}` : '';
    const on = `${onClause(options?.onEmpty, 'EMPTY')}${onClause(options?.onError, 'ERROR')}`;
    return `JSON_QUERY(${list(operands)}${returning}${wrapper}${on})`;
  },
  JSON_OBJECT: (operands, { options }) => {
    const pairs: string[] = [];
    for (let i = 0; i < operands.length; i += 2) pairs.push(`KEY ${operands[i]} VALUE ${operands[i + 1]}`);
    return `JSON_OBJECT(${list(pairs)}${nullsText(options)})`;
  },
  JSON_ARRAY: (operands, { options }) => `JSON_ARRAY(${list(operands)}${nullsText(options)})`,
};

function targetOf({ options, type }: RexCall): string {
  return castType((options?.type ?? type) as never);
}

function onClause(what: unknown, when: 'EMPTY' | 'ERROR', value?: string): string {
  if (typeof what !== 'string') return '';
  return what === 'DEFAULT' ? ` DEFAULT ${value} ON ${when}` : ` ${what} ON ${when}`;
}

const wrapperText = (wrapper: string): string =>
  wrapper === 'WITHOUT' ? 'WITHOUT WRAPPER' : `WITH ${wrapper} WRAPPER`;

function nullsText(options: CallOptions | undefined): string {
  return typeof options?.nulls === 'string' ? ` ${options.nulls} ON NULL` : '';
}

/** A call of a function of Flink's, its operands written out. */
export function callText(call: RexCall, operands: readonly string[]): string {
  const { function: name } = call;
  const form = FORMS[name];
  if (form !== undefined) return form(operands, call);
  if (INFIX.has(name)) return `(${operands.join(` ${name} `)})`;
  if (POSTFIX.test(name) && operands.length === 1) return `(${operands[0]} ${name})`;
  if ((name.startsWith('IS DISTINCT') || name.startsWith('IS NOT DISTINCT')) && operands.length === 2) {
    return `(${operands.join(` ${name} `)})`;
  }
  if (BARE.has(name) && operands.length === 0) return name;
  if (!/^\w+$/.test(name) || name === 'REINTERPRET') throw new NotInFlinkSqlError(`the function ${name}`);
  return `${name}(${list(operands)})`;
}
