import type { AnyType } from '../../core/types/index.js';
import { type CallSite, invalid } from '../expressions/call-site.js';
import type { CallRequest, Resolution, ScalarFunction } from './definition.js';
import { calciteName, type Family, isNullable, isOf, withNull } from './types.js';

/** One way to call a function: families in order, `?` after one that may be left out, `...` after one that repeats. */
export type Form = readonly string[];

interface Parameter {
  readonly family: Family;
  readonly optional: boolean;
  readonly repeated: boolean;
}

function parse(form: Form): Parameter[] {
  return form.map((text) => ({
    family: text.replace(/[?.]+$/, '') as Family,
    optional: text.endsWith('?') || text.endsWith('...?'),
    repeated: text.includes('...'),
  }));
}

/** The families for this many operands; `undefined` when the form does not take so many. */
function familiesFor(form: Form, count: number): Family[] | undefined {
  const parameters = parse(form);
  const required = parameters.filter((p) => !p.optional).length;
  const last = parameters.at(-1);
  if (count < required || (count > parameters.length && last?.repeated !== true)) return undefined;
  return Array.from({ length: count }, (_, i) => (parameters[i] ?? (last as Parameter)).family);
}

/** Functions that are written between their operands. */
export const INFIX: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  '||',
  'AND',
  'OR',
  'LIKE',
  'SIMILAR TO',
]);

/** A call as messages show it: `UPPER(<CHAR(1)>)`, `<INTEGER> > <BOOLEAN>`. */
export function shownCall(name: string, operands: readonly string[]): string {
  const shown = operands.map((operand) => `<${operand}>`);
  if (INFIX.has(name) && shown.length === 2) return shown.join(` ${name} `);
  if (shown.length === 1 && (name === '-' || name === '+' || name === 'NOT')) return `${name}${shown[0]}`;
  if (shown.length === 1 && name.startsWith('IS ')) return `${shown[0]} ${name}`;
  return `${name}(${shown.join(', ')})`;
}

/** "Cannot apply 'ABS' to arguments of type ...", with the forms there are. */
export function cannotApply(name: string, types: readonly AnyType[], forms: readonly string[], site: CallSite): Error {
  const supported = forms.length === 0 ? '' : `. Supported form(s): ${forms.map((form) => `'${form}'`).join('\n')}`;
  return invalid(
    `Cannot apply '${name}' to arguments of type '${shownCall(name, types.map(calciteName))}'${supported}`,
    site,
    conversion(name, types, forms),
  );
}

const TEXTS: ReadonlySet<string> = new Set(['CHAR', 'VARCHAR']);
const NUMBERS: ReadonlySet<string> = new Set(['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL']);
const TIMES: ReadonlySet<string> = new Set(['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ']);
const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '<', '>', '<=', '>=']);

/** How operands could be made what is asked for, where that is plain. */
function conversion(name: string, types: readonly AnyType[], forms: readonly string[]): string | undefined {
  const has = (roots: ReadonlySet<string>): boolean => types.some(({ root }) => roots.has(root));
  const wants = (family: string): boolean => forms.some((form) => form.includes(`<${family}>`));
  if (name === '+' && types.every(({ root }) => TEXTS.has(root))) return '|| joins texts';
  if (name === '||' && has(TEXTS)) return 'make texts of the others: CAST(x AS STRING)';
  if ((name === '+' || name === '-') && has(TIMES)) return "give a unit: ts + INTERVAL '5' SECOND";
  if (COMPARISONS.has(name) && has(TIMES))
    return "compare with a time: TIMESTAMP '2024-01-31 12:00:00', DATE '2024-01-31'";
  if (wants('NUMERIC') && has(TEXTS)) return 'make a number of it: CAST(x AS INT), or AS DOUBLE';
  if ((wants('CHARACTER') || wants('TIMESTAMP')) && types[0]?.root === 'BIGINT' && /TIME|DATE/.test(name))
    return 'TO_TIMESTAMP_LTZ(x, 3) makes a time of milliseconds, TO_TIMESTAMP_LTZ(x, 0) of seconds';
  if (name !== 'ITEM' && wants('CHARACTER') && has(NUMBERS)) return 'make a text of it: CAST(x AS STRING)';
  return undefined;
}

/** Checks operands against forms and gives the index of the one that fits. */
export function checkForms(name: string, types: readonly AnyType[], forms: readonly Form[], site: CallSite): number {
  const counted = forms.filter((form) => familiesFor(form, types.length) !== undefined);
  if (counted.length === 0) {
    const counts = [...new Set(forms.flatMap((form) => countsOf(form)))].sort((a, b) => a - b);
    const many = forms.some((form) => form.at(-1)?.includes('...'));
    const expected = many
      ? `at least ${counts[0]}`
      : counts.length > 2
        ? `${counts[0]} to ${counts.at(-1)}`
        : counts.join(' or ');
    throw invalid(
      `Invalid number of arguments to function '${name}'. Was expecting ${expected} arguments`,
      site,
      `${types.length} given`,
    );
  }
  for (const form of counted) {
    const families = familiesFor(form, types.length) as Family[];
    if (families.every((family, i) => isOf(family, types[i] as AnyType))) return forms.indexOf(form);
  }
  const shown = forms.map((form) =>
    shownCall(name, familiesFor(form, types.length) ?? parse(form).map(({ family }) => family)),
  );
  throw cannotApply(name, types, shown, site);
}

function countsOf(form: Form): number[] {
  const parameters = parse(form);
  const required = parameters.filter((p) => !p.optional).length;
  return Array.from({ length: parameters.length - required + 1 }, (_, i) => required + i);
}

/** How the nullability of a result follows: from the operands, always, never, or from the operands and its own type. */
export type NullRule = 'args' | 'always' | 'never' | 'base';

export function resultType(base: AnyType, types: readonly AnyType[], rule: NullRule): AnyType {
  if (rule === 'always' || (rule === 'base' && isNullable(base))) return withNull(base, true);
  return withNull(base, rule !== 'never' && types.some((t) => isNullable(t) || t.root === 'NULL'));
}

type Body = Pick<ScalarFunction, 'inline' | 'implement' | 'generate' | 'nulls' | 'mayBeNull' | 'deterministic'>;

/** Puts the usual function together: forms, a type, a body. */
export function scalar(
  name: string,
  forms: readonly Form[],
  returns: AnyType | ((types: readonly AnyType[], request: CallRequest) => AnyType),
  body: Body & {
    readonly nullable?: NullRule;
    /** Operands converted, options filled in. */
    readonly prepare?: (request: CallRequest) => Partial<Pick<Resolution, 'operands' | 'options'>>;
  },
): ScalarFunction {
  const { nullable = 'args', prepare, ...rest } = body;
  return {
    name,
    ...rest,
    resolve(request) {
      const types = request.operands.map((operand) => operand.type);
      checkForms(name, types, forms, request.site);
      const prepared = prepare?.(request) ?? {};
      const taken = (prepared.operands ?? request.operands).map((operand) => operand.type);
      const base = typeof returns === 'function' ? returns(taken, request) : returns;
      return { ...prepared, type: resultType(base, types, nullable) };
    },
  };
}
