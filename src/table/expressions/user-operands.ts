import type { AnyType } from '../../core/types/index.js';
import { sameKind } from '../functions/types.js';
import type { UserFunction } from '../functions/user.js';
import type { Rex } from '../plan/rex.js';
import { type CallSite, invalid } from './call-site.js';
import { castTo } from './casting.js';

/** Operands converted to what a function of the user's takes. */
export function userOperands(
  user: UserFunction,
  operands: readonly Rex[],
  site: CallSite,
): { operands: Rex[]; type: AnyType } {
  const signature = user.signature(operands.map(({ type }) => type));
  if (signature === undefined) {
    const given = operands.map(({ type }) => String(type)).join(', ');
    throw invalid(`Invalid function call:\n${user.name}(${given})`, site, `it takes ${user.expects}`);
  }
  return {
    operands: operands.map((operand, i) => {
      const wanted = signature.operands[i];
      return wanted === undefined || sameKind(operand.type, wanted) ? operand : castTo(operand, wanted);
    }),
    type: signature.result,
  };
}
