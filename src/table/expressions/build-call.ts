import { nearest } from '../../core/nearest.js';
import { builtinScalar, scalarNames } from '../functions/registry.js';
import { familyName } from '../functions/types.js';
import type { UserFunction } from '../functions/user.js';
import { type CallOptions, call, type Rex } from '../plan/rex.js';
import { aggregateNames } from './aggregate-signatures.js';
import { type CallSite, invalid } from './call-site.js';
import { functionElsewhere } from './elsewhere.js';
import { userOperands } from './user-operands.js';

/**
 * Applies a scalar function or an operator by its name: checks the operands, converts them where the function asks for
 * it, and says what type the result has. Operators are functions too: `+ - * / %`, `-/1` (the sign), `= <> < <= > >=`,
 * `AND OR NOT`, `IS [NOT] NULL`, `IS [NOT] TRUE`, `IS [NOT] DISTINCT FROM`, `[NOT] BETWEEN [SYMMETRIC]` (written out),
 * `IN` and `NOT IN` (a list), `[NOT] LIKE`, `[NOT] SIMILAR TO`, `CASE` (condition, value, ..., otherwise), `||`, `ITEM`,
 * `ROW`, `ARRAY`, `MAP`. Throws `ValidationError` with Flink's message.
 */
export function buildCall(
  name: string,
  operands: readonly Rex[],
  site: CallSite & { readonly options?: CallOptions } = {},
): Rex {
  const upper = name.toUpperCase();
  const found = builtinScalar(upper);
  const user = found === undefined ? site.functions?.resolve(name) : undefined;
  if (user !== undefined) return buildUserCall(user, operands, site);
  if (found === undefined) throw unknownFunction(name, operands, site);
  const made = found.resolve({ name: found.name, operands, options: site.options ?? {}, site });
  if (made.instead !== undefined) return made.instead;
  const options = made.options ?? site.options;
  const where = site.span === undefined ? {} : { span: site.span };
  return call(found.name, made.operands ?? operands, made.type, {
    ...where,
    ...(options === undefined || Object.keys(options).length === 0 ? {} : { options }),
  });
}

function unknownFunction(name: string, operands: readonly Rex[], site: CallSite): Error {
  const names = [...functionNames(), ...(site.functions?.names() ?? [])];
  const elsewhere = functionElsewhere(name);
  const suggestion = nearest(name, names);
  return invalid(
    `No match found for function signature ${name}(${operands.map(({ type }) => `<${familyName(type)}>`).join(', ')})`,
    site,
    elsewhere ?? (suggestion === undefined ? undefined : `did you mean ${suggestion}?`),
  );
}

function buildUserCall(user: UserFunction, operands: readonly Rex[], site: CallSite): Rex {
  if (user.kind !== 'scalar') {
    throw invalid(
      `${user.name} is ${user.kind === 'table' ? 'a table' : 'an aggregate'} function`,
      site,
      user.kind === 'table' ? `write FROM t, LATERAL TABLE(${user.name}(...))` : 'it stands in SELECT or HAVING',
    );
  }
  const made = userOperands(user, operands, site);
  return call(user.name, made.operands, made.type, site.span === undefined ? {} : { span: site.span });
}

/** Whether a scalar function has this name. */
export function isScalarName(name: string, site: CallSite = {}): boolean {
  return builtinScalar(name.toUpperCase()) !== undefined || site.functions?.resolve(name)?.kind === 'scalar';
}

/** Names of all functions of Flink's, for suggestions. */
export function functionNames(): readonly string[] {
  return [...scalarNames(), ...aggregateNames()];
}

/** Whether it gives the same value for the same row, always. */
export function isDeterministicCall(name: string, site: CallSite = {}): boolean {
  const found = builtinScalar(name);
  if (found !== undefined) return found.deterministic === undefined;
  return site.functions?.resolve(name)?.deterministic === true;
}
