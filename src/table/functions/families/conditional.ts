import type { AnyType } from '../../../core/types/index.js';
import { compareStrings, compareValues } from '../../codegen/compare.js';
import { invalid } from '../../expressions/call-site.js';
import { castTo } from '../../expressions/casting.js';
import { commonArgumentType, leastRestrictive } from '../../expressions/least-restrictive.js';
import { call, literal, type Rex } from '../../plan/rex.js';
import type { CallRequest, CodeWriter, ScalarFunction } from '../definition.js';
import { checkForms } from '../signature.js';
import { isCharacter, isNullable, withNull } from '../types.js';
import { equals, requireOrdered } from './comparison.js';

function commonType(values: readonly Rex[], request: CallRequest, message: string, find = leastRestrictive): AnyType {
  const common = find(values.map((value) => value.type));
  if (common === undefined) throw invalid(message, request.site, typesText(values));
  return common;
}

const typesText = (values: readonly Rex[]): string => `the types are ${values.map((value) => value.type).join(', ')}`;

/** CASE: condition, value, condition, value, ..., otherwise. Only the branch that is taken is computed. */
const CASE: ScalarFunction = {
  name: 'CASE',
  resolve(request) {
    const { operands, site } = request;
    const values = operands.filter((_, i) => i % 2 === 1 || i === operands.length - 1);
    const conditions = operands.filter((_, i) => i % 2 === 0 && i < operands.length - 1);
    for (const { type } of conditions) {
      if (type.root !== 'BOOLEAN' && type.root !== 'NULL') {
        throw invalid('Expected a boolean type', site, `a condition after WHEN is ${type}`);
      }
    }
    if (values.every((value) => value.type.root === 'NULL')) {
      throw invalid('ELSE clause or at least one THEN clause must be non-NULL', site);
    }
    const common = commonType(values, request, 'Illegal mixing of types in CASE or COALESCE statement');
    const cast = operands.map((operand, i) =>
      i % 2 === 1 || i === operands.length - 1 ? castTo(operand, common) : operand,
    );
    return { operands: cast, type: common };
  },
  generate(writer, { operands }) {
    const result = writer.variable();
    const nullable = branch(writer, operands, 0, result);
    return { value: result, nullable };
  },
};

function branch(writer: CodeWriter, operands: readonly Rex[], at: number, result: string): boolean {
  const last = at === operands.length - 1;
  if (last) return assign(writer, operands[at] as Rex, result);
  const condition = writer.expression(operands[at] as Rex);
  let nullable = false;
  writer.when(
    condition.nullable ? `${condition.value} === true` : condition.value,
    () => {
      nullable = assign(writer, operands[at + 1] as Rex, result);
    },
    () => {
      nullable = branch(writer, operands, at + 2, result) || nullable;
    },
  );
  return nullable;
}

function assign(writer: CodeWriter, rex: Rex, result: string): boolean {
  const { value, nullable } = writer.expression(rex);
  writer.line(`${result} = ${value};`);
  return nullable;
}

const IF: ScalarFunction = {
  name: 'IF',
  resolve(request) {
    const { operands, site } = request;
    checkForms(
      'IF',
      operands.map((operand) => operand.type),
      [['BOOLEAN', 'ANY', 'ANY']],
      site,
    );
    const [condition, ...values] = operands as [Rex, Rex, Rex];
    const common = commonType(values, request, "Cannot apply 'IF' to values of different types");
    return {
      operands: [condition, ...values.map((value) => castTo(value, common))],
      type: withNull(
        common,
        operands.some((operand) => isNullable(operand.type) || operand.type.root === 'NULL'),
      ),
    };
  },
  generate: CASE.generate as NonNullable<ScalarFunction['generate']>,
};

/** COALESCE and IFNULL: the first that is not NULL; what follows is not computed. */
function coalesce(name: string, count?: number): ScalarFunction {
  return {
    name,
    resolve(request) {
      const { operands, site } = request;
      checkForms(
        name,
        operands.map((operand) => operand.type),
        [count === 2 ? ['ANY', 'ANY'] : ['ANY...']],
        site,
      );
      const [first] = operands;
      const sure = first !== undefined && !isNullable(first.type) && first.type.root !== 'NULL';
      if (count === 2 && sure) return { type: first.type, instead: first };
      const common = commonType(
        operands,
        request,
        `Cannot apply '${name}' to values of different types`,
        commonArgumentType,
      );
      const nullable = operands.every(({ type }) => isNullable(type) || type.root === 'NULL');
      return { operands: operands.map((operand) => castTo(operand, common)), type: withNull(common, nullable) };
    },
    generate(writer, { operands }) {
      const first = writer.expression(operands[0] as Rex);
      if (!first.nullable || operands.length === 1) return first;
      const result = writer.variable(first.value);
      return { value: result, nullable: next(writer, operands, 1, result) };
    },
  };
}

function next(writer: CodeWriter, operands: readonly Rex[], at: number, result: string): boolean {
  let nullable = true;
  writer.when(`${result} === null`, () => {
    nullable = assign(writer, operands[at] as Rex, result);
    if (nullable && at + 1 < operands.length) nullable = next(writer, operands, at + 1, result);
  });
  return nullable;
}

/** NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END. */
const NULLIF: ScalarFunction = {
  name: 'NULLIF',
  resolve(request) {
    const { operands, site } = request;
    checkForms(
      'NULLIF',
      operands.map((operand) => operand.type),
      [['ANY', 'ANY']],
      site,
    );
    const [a, b] = operands as [Rex, Rex];
    // Calcite makes CASE of it, and that takes no arrays with a NULL beside them.
    if (a.type.root === 'ARRAY') throw invalid('Illegal mixing of types in CASE or COALESCE statement', request.site);
    const equal = equals(a, b, request);
    const type = withNull(a.type, true);
    return { type, instead: call('CASE', [equal, literal(null, type), a], type) };
  },
};

/** GREATEST and LEAST: NULL as soon as one operand is. */
function extreme(name: 'GREATEST' | 'LEAST', sign: '>' | '<'): ScalarFunction {
  return {
    name,
    resolve(request) {
      const { operands, site } = request;
      checkForms(
        name,
        operands.map((operand) => operand.type),
        [['COMPARABLE_TYPE...']],
        site,
      );
      requireOrdered(operands, site);
      const common = commonType(
        operands,
        request,
        `Cannot apply '${name}' to values of different types`,
        commonArgumentType,
      );
      return { operands: operands.map((operand) => castTo(operand, common)), type: common };
    },
    implement({ type }) {
      const compare = (isCharacter(type) ? compareStrings : compareValues(type)) as (a: unknown, b: unknown) => number;
      const better = sign === '>' ? (order: number) => order > 0 : (order: number) => order < 0;
      return (...values: unknown[]) => values.reduce((best, value) => (better(compare(value, best)) ? value : best));
    },
  };
}

export const CONDITIONAL: readonly ScalarFunction[] = [
  CASE,
  IF,
  coalesce('COALESCE'),
  coalesce('IFNULL', 2),
  NULLIF,
  extreme('GREATEST', '>'),
  extreme('LEAST', '<'),
];
