export { planInsert } from './insert.js';
export { type Optimiser, optimise } from './optimise.js';
export { planQuery, toPhysical } from './plan.js';
export { type PhysicalRule, rule } from './rules.js';
export { translate } from './translate.js';
