// Calls: resolved by name, checked, typed
export { aggregateNames, buildAggregate, isAggregateName, isOverOnly } from './aggregate-signatures.js';
export { columnTypeOfAst, typeOfAst } from './ast-types.js';
export { buildCall, functionNames, isScalarName } from './build-call.js';
export type { CallSite } from './call-site.js';
export { buildCast, castTo } from './casting.js';
// Constants
export { foldConstants, isDeterministic } from './fold.js';
export { leastRestrictive } from './least-restrictive.js';
export { literalOf } from './literals.js';
export { operandsOf } from './operands-of.js';
// Looking into expressions, and changing them
export { rexToString } from './print.js';
export {
  conjunction,
  conjuncts,
  inputsOf,
  mapInputs,
  mapRex,
  sameRex,
  visitRex,
} from './visit.js';
