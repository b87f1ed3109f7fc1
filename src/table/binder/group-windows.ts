import type { AnyType } from '../../core/types/index.js';
import { calciteName } from '../functions/types.js';
import type { WindowSpec } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';
import type { Call, Expression } from '../sql/ast/expressions.js';
import { windowOperands } from './calls.js';
import type { ExpressionEnv } from './env.js';
import { timeOf } from './rex-tools.js';
import { nameOfCall } from './walk.js';

/** What to do where a time attribute is asked for. */
export const TIME_HINT = 'a time attribute is a column with a WATERMARK in CREATE TABLE, or one AS PROCTIME()';

/** TUMBLE, HOP or SESSION in GROUP BY: its time and its sizes. */
export interface GroupWindow {
  readonly spec: WindowSpec;
  readonly time: Rex;
  readonly call: { readonly name: string; readonly operands: readonly Rex[]; readonly timeType: AnyType };
}

/**
 * The older windows.
 *
 * @see Flink: Group Window Aggregation
 */
export function groupWindow(node: Call, env: ExpressionEnv): GroupWindow {
  const { binder, scope } = env;
  const name = nameOfCall(node);
  const operands = windowOperands(node, { ...env, inAggregate: true });
  const [least, most] = name === 'HOP' ? [3, 4] : [2, 3];
  if (operands.length < least || operands.length > most) {
    throw binder.invalid(`Invalid number of arguments to function '${name}'. Was expecting ${least} arguments`, node);
  }
  const [time, ...sizes] = operands as [Rex, ...Rex[]];
  if (time.type.root !== 'TIMESTAMP' && time.type.root !== 'TIMESTAMP_LTZ') {
    const forms =
      least === 3 ? '<DATETIME>, <DATETIME_INTERVAL>, <DATETIME_INTERVAL>' : '<DATETIME>, <DATETIME_INTERVAL>';
    const given = operands.map(({ type }) => `<${calciteName(type)}>`).join(', ');
    throw binder.invalid(
      `Cannot apply '$${name}' to arguments of type '$${name}(${given})'. Supported form(s): '$${name}(${forms})'`,
      node,
      TIME_HINT,
    );
  }
  const attribute = timeOf(time, scope.fields);
  if (attribute === undefined) {
    throw binder.invalid(
      `Window aggregate can only be defined over a time attribute column, but ${time.type.nullable()} encountered.`,
      node.arguments[0] as Expression,
      TIME_HINT,
    );
  }
  if (name === 'SESSION' ? sizes.length > 1 : sizes.length > least - 1) {
    throw binder.invalid(
      `${name} window with alignment is not supported yet.`,
      node,
      'leave out the last argument, or use TABLE(TUMBLE(...)) with an offset',
    );
  }
  const ms = sizes.map((size, i) => milliseconds(size, node.arguments[i + 1] as Expression, env, name));
  const spec = specOf(name, ms);
  return { spec, time, call: { name, operands, timeType: time.type } };
}

function specOf(name: string, ms: readonly number[]): WindowSpec {
  const [a = 0, b = 0] = ms;
  if (name === 'TUMBLE') return { type: 'tumble', size: a, time: 0 };
  if (name === 'HOP') return { type: 'hop', slide: a, size: b, time: 0 };
  return { type: 'session', gap: a, time: 0 };
}

/** An interval of days, hours, minutes and seconds as a constant, in ms. */
export function milliseconds(
  rex: Rex,
  node: { readonly span: Expression['span'] },
  { binder }: ExpressionEnv,
  what: string,
  least = 1,
): number {
  if (rex.kind !== 'literal' || rex.type.root !== 'INTERVAL_DAY_TIME') {
    const months = rex.kind === 'literal' && rex.type.root === 'INTERVAL_YEAR_MONTH';
    throw binder.invalid(
      months
        ? 'Window aggregate only support SECOND, MINUTE, HOUR, DAY as the time unit. MONTH and YEAR time unit are not supported yet.'
        : `Only constant window descriptors are supported: ${what} takes intervals such as INTERVAL '5' SECOND`,
      node,
    );
  }
  const ms = Number(rex.value);
  if (ms < least) throw binder.invalid(`${what} takes an interval above zero, not ${ms} ms`, node);
  return ms;
}
