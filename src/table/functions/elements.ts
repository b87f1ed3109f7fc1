import type { AnyType } from '../../core/types/index.js';
import { invalid } from '../expressions/call-site.js';
import { leastRestrictive } from '../expressions/least-restrictive.js';
import type { CallRequest } from './definition.js';
import { isNumeric, T } from './types.js';

/** The type of what is in an array or multiset. */
export const elementOf = (t: AnyType | undefined): AnyType =>
  t?.root === 'ARRAY' || t?.root === 'MULTISET' ? t.element : T.int;

const NUMBERS = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'DECIMAL', 'FLOAT', 'DOUBLE'];

/** Refuses an element that does not become one of the array's type by itself. */
export function requireElement({ name, operands, site }: CallRequest): void {
  const [list, value] = operands.map((operand) => operand.type) as [AnyType, AnyType];
  const element = elementOf(list);
  const fits =
    isNumeric(element) || isNumeric(value)
      ? NUMBERS.indexOf(value.root) <= NUMBERS.indexOf(element.root) && NUMBERS.includes(value.root)
      : leastRestrictive([element, value]) !== undefined;
  if (value.root === 'NULL' || element.root === 'NULL' || fits) return;
  throw invalid(`Invalid input arguments.\nInvalid function call: ${name}(${list}, ${value})`, site);
}
