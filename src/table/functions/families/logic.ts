import type { AnyType } from '../../../core/types/index.js';
import { invalid } from '../../expressions/call-site.js';
import type { Rex, RexCall } from '../../plan/rex.js';
import type { Code, CodeWriter, ScalarFunction } from '../definition.js';
import { checkForms, resultType, scalar } from '../signature.js';
import { T } from '../types.js';

/** AND and OR: the right side is looked at only when the left one does not decide. */
function connective(name: 'AND' | 'OR'): ScalarFunction {
  const decided = name === 'AND' ? 'false' : 'true';
  const other = name === 'AND' ? 'true' : 'false';
  return {
    name,
    resolve({ operands, site }) {
      const types = operands.map((operand) => operand.type);
      checkForms(name, types, [['BOOLEAN', 'BOOLEAN', 'BOOLEAN...?']], site);
      if (operands.some(isBareNull)) throw invalid("Illegal use of 'NULL'", site, 'write CAST(NULL AS BOOLEAN)');
      return { type: resultType(T.boolean, types, 'args') };
    },
    generate(writer: CodeWriter, call: RexCall): Code {
      const [first, ...rest] = call.operands;
      let left = writer.expression(first as never);
      for (const operand of rest) {
        const before = left;
        const result = writer.variable();
        let right: Code = before;
        writer.when(
          `${before.value} === ${decided}`,
          () => writer.line(`${result} = ${decided};`),
          () => {
            right = writer.expression(operand);
            // Here the left side is the other value or UNKNOWN.
            if (!before.nullable) writer.line(`${result} = ${right.value};`);
            else {
              writer.line(
                `${result} = ${right.value} === ${decided} || ${before.value} === ${other} ? ${right.value} : null;`,
              );
            }
          },
        );
        left = { value: result, nullable: before.nullable || right.nullable };
      }
      return left;
    },
  };
}

const isBareNull = ({ type }: Rex): boolean => type.root === 'NULL';

/** IS TRUE and its kin: never UNKNOWN. */
function test(name: string, code: (value: string) => string): ScalarFunction {
  return scalar(name, [['BOOLEAN']], T.boolean, {
    nullable: 'never',
    nulls: 'pass',
    inline: ([value]) => code(value as string),
  });
}

function nullTest(name: string, code: (value: string) => string): ScalarFunction {
  return scalar(name, [['ANY']], T.boolean, {
    nullable: 'never',
    nulls: 'pass',
    inline: ([value]) => code(value as string),
  });
}

export const LOGIC: readonly ScalarFunction[] = [
  connective('AND'),
  connective('OR'),
  scalar('NOT', [['BOOLEAN']], T.boolean as AnyType, {
    prepare({ operands, site }) {
      if (operands.some(isBareNull)) throw invalid("Illegal use of 'NULL'", site, 'write CAST(NULL AS BOOLEAN)');
      return {};
    },
    inline: ([value]) => `!${value}`,
  }),
  nullTest('IS NULL', (value) => `${value} === null`),
  nullTest('IS NOT NULL', (value) => `${value} !== null`),
  test('IS TRUE', (value) => `${value} === true`),
  test('IS NOT TRUE', (value) => `${value} !== true`),
  test('IS FALSE', (value) => `${value} === false`),
  test('IS NOT FALSE', (value) => `${value} !== false`),
  test('IS UNKNOWN', (value) => `${value} === null`),
  test('IS NOT UNKNOWN', (value) => `${value} !== null`),
];
