import type { EvaluationContext } from '../codegen/context.js';
import type { ScalarFunction } from './definition.js';
import { FAMILIES } from './families.js';

const functions = new Map<string, ScalarFunction>();
for (const family of FAMILIES) for (const made of family) functions.set(made.name, made);

// Other names of the same functions.
const ALIASES: Readonly<Record<string, string>> = {
  '!=': '<>',
  CHARACTER_LENGTH: 'CHAR_LENGTH',
  CEILING: 'CEIL',
  POW: 'POWER',
  SUBSTR: 'SUBSTRING',
};

/** The function or operator of Flink's with this name (upper case). */
export function builtinScalar(name: string): ScalarFunction | undefined {
  return functions.get(ALIASES[name] ?? name);
}

/** Every function of Flink's, without the operators. */
export function scalarNames(): string[] {
  return [...functions.keys(), ...Object.keys(ALIASES)].filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name));
}

/** How a function in a plan is computed: a function of the user's, or one of Flink's. */
export function lookupScalar(name: string, context: EvaluationContext): ScalarFunction | undefined {
  const found = builtinScalar(name);
  if (found !== undefined) return found;
  const user = context.functions?.resolve(name);
  if (user?.kind !== 'scalar') return undefined;
  return {
    name,
    resolve: () => {
      throw new Error('resolved already');
    },
    implement:
      () =>
      (...operands) => {
        const value = user.evaluate(...operands);
        return value === undefined ? null : value;
      },
    nulls: 'pass',
    mayBeNull: () => true,
  };
}
