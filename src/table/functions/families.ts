import type { ScalarFunction } from './definition.js';
import { ARITHMETIC } from './families/arithmetic.js';
import { CASTS } from './families/casts.js';
import { COMPARISON } from './families/comparison.js';
import { CONDITIONAL } from './families/conditional.js';
import { LOGIC } from './families/logic.js';

/** Every family of functions. */
export const FAMILIES: readonly (readonly ScalarFunction[])[] = [ARITHMETIC, CASTS, COMPARISON, CONDITIONAL, LOGIC];
