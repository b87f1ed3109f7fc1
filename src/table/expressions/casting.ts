import { type AnyType, sameTypeIgnoringNull } from '../../core/types/index.js';
import { castExists } from '../functions/cast/convert.js';
import { calciteName, isNullable, isNumeric, isTimestampType, T, withNull } from '../functions/types.js';
import { call, literal, type Rex } from '../plan/rex.js';
import { type CallSite, invalid } from './call-site.js';

/** An implicit CAST: nothing when it has the type. The result is nullable exactly when the operand is. */
export function castTo(rex: Rex, type: AnyType): Rex {
  if (rex.kind === 'literal' && rex.value === null) return literal(null, withNull(type, true));
  if (sameTypeIgnoringNull(rex.type, type)) return rex;
  // A CHAR constant is as good as a VARCHAR of any length that holds it.
  if (rex.kind === 'literal' && type.root === 'VARCHAR' && typeof rex.value === 'string' && rex.type.root === 'CHAR') {
    if (rex.type.length <= type.length) return literal(rex.value, withNull(type, false));
  }
  return call('CAST', [rex], withNull(type, isNullable(rex.type)));
}

/**
 * A CAST or TRY_CAST that the user wrote. Throws `ValidationError` when there is no such cast.
 *
 * @see Flink: Data Types, Casting
 */
export function buildCast(name: 'CAST' | 'TRY_CAST', rex: Rex, given: AnyType, site: CallSite = {}): Rex {
  const from = rex.type;
  // Flink's planner knows TIME(0) only; the values keep their milliseconds.
  const type = given.root === 'TIME' && given.precision > 0 ? withNull(T.time(0), isNullable(given)) : given;
  if (isNumeric(from) && isTimestampType(type)) {
    throw invalid(
      `The cast from NUMERIC type to ${type.root === 'TIMESTAMP' ? 'TIMESTAMP' : 'TIMESTAMP_LTZ'} type is not allowed`,
      site,
      'TO_TIMESTAMP_LTZ(x, 3) takes milliseconds, TO_TIMESTAMP_LTZ(x, 0) seconds',
    );
  }
  if (!castExists(from, type)) {
    throw invalid(`Cast function cannot convert value of type ${calciteName(from)} to type ${calciteName(type)}`, site);
  }
  const nullable = name === 'TRY_CAST' || isNullable(from) || from.root === 'NULL';
  if (rex.kind === 'literal' && rex.value === null) return literal(null, withNull(type, true));
  if (name === 'CAST' && sameTypeIgnoringNull(from, type)) return rex;
  const where = {
    ...(site.span === undefined ? {} : { span: site.span }),
    ...(type === given ? {} : { options: { type: given } }),
  };
  return call(name, [rex], withNull(type, nullable), where);
}
