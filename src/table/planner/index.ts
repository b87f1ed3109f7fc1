export { planInsert } from './insert.js';
export { optimise } from './optimise.js';
export { planQuery } from './plan.js';
export { type PhysicalRule, rule } from './rules.js';
export { translate, translateAll } from './translate.js';
