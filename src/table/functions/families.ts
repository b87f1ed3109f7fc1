import type { ScalarFunction } from './definition.js';
import { ARITHMETIC } from './families/arithmetic.js';
import { CASTS } from './families/casts.js';
import { COLLECTIONS } from './families/collections.js';
import { COMPARISON } from './families/comparison.js';
import { CONDITIONAL } from './families/conditional.js';
import { JSON_FUNCTIONS } from './families/json.js';
import { LOGIC } from './families/logic.js';
import { MATH } from './families/math.js';
import { MISCELLANEOUS } from './families/misc.js';
import { STRINGS } from './families/strings.js';
import { TIME_FIELDS } from './families/time-fields.js';
import { TIMES } from './families/times.js';

/** Every family of functions. */
export const FAMILIES: readonly (readonly ScalarFunction[])[] = [
  ARITHMETIC,
  CASTS,
  COLLECTIONS,
  COMPARISON,
  CONDITIONAL,
  JSON_FUNCTIONS,
  LOGIC,
  MATH,
  MISCELLANEOUS,
  STRINGS,
  TIME_FIELDS,
  TIMES,
];
