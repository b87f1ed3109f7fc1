import type { PhysicalRule } from './rules.js';

/** All rules, in the order in which they are tried. A rule is added here, beside the others of its kind of step. */
export const PHYSICAL_RULES: readonly PhysicalRule[] = [];
