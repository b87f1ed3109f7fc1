import { StreambookError } from '../../../core/errors.js';
import type { AnyType } from '../../../core/types/index.js';
import { invalid } from '../../expressions/call-site.js';
import { castTo } from '../../expressions/casting.js';
import type { Rex, RexCall } from '../../plan/rex.js';
import { converter } from '../cast/convert.js';
import type { CallRequest, ScalarFunction } from '../definition.js';
import { isScalar, type Json, JsonError, jsonText, parseJson, Real, scalarText } from '../json/parse.js';
import { type JsonPath, JsonPathError, obstacle, parseJsonPath, walk } from '../json/path.js';
import { jsonWriter, objectText } from '../json/write.js';
import { checkForms, scalar } from '../signature.js';
import { isCharacter, T, withNull } from '../types.js';

/** What a path leads to, or why it leads nowhere. */
type Found = { readonly value: Json } | { readonly error: Error };

class JsonFunctionError extends StreambookError {
  constructor(message: string, cause?: unknown) {
    super('json-function', message, { hint: 'NULL ON EMPTY and NULL ON ERROR give NULL instead', cause });
  }
}

/** In lax mode nothing is an error; strictly, a path that leads nowhere is. */
function find(text: string, path: JsonPath | JsonPathError): Found {
  if (path instanceof JsonPathError) return { error: path };
  let root: Json;
  try {
    root = parseJson(text);
  } catch (error) {
    return path.lax ? { value: null } : { error: error as Error };
  }
  if (root === null) return { error: new JsonFunctionError('json object can not be null') };
  if (!path.lax) {
    const problem = obstacle(root, path.steps);
    if (problem !== undefined) return { error: new JsonFunctionError(problem) };
  }
  const found = walk(root, path.steps);
  if (!path.definite) return { value: found };
  const [value = null] = found;
  if (value === null && !path.lax) {
    return {
      error: new JsonFunctionError(found.length === 0 ? 'No results for path' : 'null is no result for a path'),
    };
  }
  return { value };
}

function readPath(text: string): JsonPath | JsonPathError {
  try {
    return parseJsonPath(text);
  } catch (error) {
    if (error instanceof JsonPathError) return error;
    throw error;
  }
}

/** The path of a call: read once if it is constant. A path that is none is an error like any other, for ON ERROR. */
function pathOf(operand: Rex | undefined): (text: string) => JsonPath | JsonPathError {
  if (operand?.kind === 'literal' && typeof operand.value === 'string') {
    const path = readPath(operand.value);
    return () => path;
  }
  return readPath;
}

const isLax = (path: JsonPath | JsonPathError): boolean => !(path instanceof JsonPathError) && path.lax;

const option = (call: RexCall, name: string, usual: string): string => String(call.options?.[name] ?? usual);

const JSON_EXISTS = scalar('JSON_EXISTS', [['CHARACTER', 'CHARACTER']], T.boolean, {
  nullable: 'always',
  implement(call) {
    const path = pathOf(call.operands[1]);
    const onError = option(call, 'onError', 'FALSE');
    return (text: string, spec: string) => {
      const found = find(text, path(spec));
      if ('value' in found) return found.value !== null;
      if (onError === 'ERROR') throw found.error;
      return onError === 'TRUE' ? true : onError === 'FALSE' ? false : null;
    };
  },
});

const JSON_VALUE: ScalarFunction = {
  name: 'JSON_VALUE',
  resolve({ operands, options, site }) {
    const types = operands.map((operand) => operand.type);
    checkForms('JSON_VALUE', types, [['ANY', 'CHARACTER', 'ANY?', 'ANY?']], site);
    const type = (options.returning as AnyType | undefined) ?? T.string;
    if (!['VARCHAR', 'CHAR', 'BOOLEAN', 'INT', 'BIGINT', 'DOUBLE'].includes(type.root)) {
      throw invalid(`Unsupported type ${type} for JSON_VALUE ... RETURNING`, site);
    }
    const [input, ...rest] = operands as [Rex, ...Rex[]];
    return { operands: [castTo(input, T.string), ...rest], type: withNull(type, true) };
  },
  nulls: 'pass',
  implement(call, { timeZone }) {
    const path = pathOf(call.operands[1]);
    const [onEmpty, onError] = [option(call, 'onEmpty', 'NULL'), option(call, 'onError', 'NULL')];
    const convert = returned(call.type);
    const defaults = call.operands.slice(2).map(({ type }) => converter(type, call.type, timeZone));
    const otherwise = (value: unknown, i: number): unknown => (value === null ? null : defaults[i]?.(value as never));
    return (text: string | null, spec: string | null, empty: unknown, error: unknown) => {
      if (text === null || spec === null) return null;
      const lax = isLax(path(spec));
      const found = find(text, path(spec));
      let problem: Error;
      if ('error' in found) problem = found.error;
      else if (found.value === null || (lax && !isScalar(found.value))) {
        if (onEmpty === 'ERROR') throw new JsonFunctionError('Empty result of JSON_VALUE function is not allowed');
        return onEmpty === 'DEFAULT' ? otherwise(empty, 0) : null;
      } else if (!isScalar(found.value)) {
        problem = new JsonFunctionError(
          `Strict jsonpath mode requires scalar value, and the actual value is: '${jsonText(found.value)}'`,
        );
      } else return convert(found.value);
      if (onError === 'ERROR') throw problem;
      return onError === 'DEFAULT' ? otherwise(error, 1) : null;
    };
  },
};

/** A scalar as the type after RETURNING. */
function returned(type: AnyType): (value: Json) => unknown {
  if (isCharacter(type)) return scalarText;
  const fits = (value: Json): boolean => {
    if (type.root === 'BOOLEAN') return typeof value === 'boolean';
    return type.root === 'DOUBLE' ? value instanceof Real : typeof value === 'number';
  };
  return (value) => {
    // No conversion takes place: 1 is no DOUBLE and '1' no INT.
    if (!fits(value)) throw new JsonFunctionError(`${jsonText(value)} cannot be returned as ${type.nullable()}`);
    return value instanceof Real ? value.value : value;
  };
}

const TEXTS = withNull(T.array(withNull(T.string, true)), true);

const JSON_QUERY: ScalarFunction = {
  name: 'JSON_QUERY',
  resolve({ operands, options, site }) {
    const types = operands.map((operand) => operand.type);
    checkForms('JSON_QUERY', types, [['CHARACTER', 'CHARACTER']], site);
    const asked = options.returning as AnyType | undefined;
    const list = asked?.root === 'ARRAY' && asked.element.root === 'VARCHAR';
    if (asked !== undefined && !list && !isCharacter(asked)) {
      throw invalid(`Unsupported array element type in JSON_QUERY ... RETURNING: ${asked}`, site);
    }
    for (const clause of ['onEmpty', 'onError'] as const) {
      if (!list || options[clause] !== 'EMPTY OBJECT') continue;
      const when = clause === 'onEmpty' ? 'empty' : 'error';
      throw invalid(`Illegal on ${when} behavior 'EMPTY OBJECT' for return type: ${TEXTS}`, site);
    }
    return { type: list ? TEXTS : withNull(T.string, true) };
  },
  implement(call) {
    const path = pathOf(call.operands[1]);
    const [onEmpty, onError] = [option(call, 'onEmpty', 'NULL'), option(call, 'onError', 'NULL')];
    const wrapper = option(call, 'wrapper', 'WITHOUT');
    const list = call.type.root === 'ARRAY';
    const instead = (what: string, problem: Error): unknown => {
      if (what === 'ERROR') throw problem;
      if (list) return what === 'EMPTY ARRAY' ? [] : null;
      return what === 'EMPTY ARRAY' ? '[]' : what === 'EMPTY OBJECT' ? '{}' : null;
    };
    return (text: string, spec: string) => {
      const lax = isLax(path(spec));
      const found = find(text, path(spec));
      if ('error' in found) return instead(onError, found.error);
      const wrapped = wrap(found.value, wrapper);
      if (wrapped === null || (lax && isScalar(wrapped))) {
        return instead(onEmpty, new JsonFunctionError('Empty result of JSON_QUERY function is not allowed'));
      }
      if (isScalar(wrapped)) {
        const message = `Strict jsonpath mode requires array or object value, and the actual value is: '${scalarText(wrapped)}'`;
        return instead(onError, new JsonFunctionError(message));
      }
      if (!list) return jsonText(wrapped);
      if (!Array.isArray(wrapped)) return instead(onError, new JsonFunctionError('an object is no ARRAY<STRING>'));
      return wrapped.map((one) => (one === null ? null : isScalar(one) ? scalarText(one) : jsonText(one)));
    };
  },
};

function wrap(value: Json, wrapper: string): Json {
  if (value === null || wrapper === 'WITHOUT') return value;
  return wrapper === 'CONDITIONAL' && Array.isArray(value) ? value : [value];
}

/** Operands that are JSON already: results of JSON_OBJECT and JSON_ARRAY go in as they are. */
function rawOperands(operands: readonly Rex[]): boolean[] {
  return operands.map((o) => o.kind === 'call' && (o.function === 'JSON_OBJECT' || o.function === 'JSON_ARRAY'));
}

/** Flink cannot tell what type a bare NULL has here. */
function refuseNulls({ name, operands, site }: CallRequest): void {
  if (operands.some(({ type }) => type.root === 'NULL')) {
    throw invalid(`${name}: Type is not supported: NULL`, site, 'write CAST(NULL AS STRING)');
  }
}

function writers(call: RexCall, timeZone: string): ((value: unknown) => string)[] {
  const raw = (call.options?.raw as readonly boolean[] | undefined) ?? [];
  return call.operands.map(({ type }, i) =>
    type.root === 'NULL' ? () => 'null' : (jsonWriter(type, timeZone, raw[i] === true) as (value: unknown) => string),
  );
}

const JSON_OBJECT: ScalarFunction = {
  name: 'JSON_OBJECT',
  resolve(request) {
    const { operands, options, site } = request;
    refuseNulls(request);
    if (operands.length % 2 !== 0) throw invalid('JSON_OBJECT takes keys and values in turn', site);
    operands.forEach((operand, i) => {
      if (i % 2 === 0 && !isCharacter(operand.type))
        throw invalid(`JSON_OBJECT: a key is ${operand.type}, not a text`, site);
    });
    return { type: withNull(T.string, false), options: { ...options, raw: rawOperands(operands) } };
  },
  nulls: 'pass',
  implement(call, { timeZone }) {
    const write = writers(call, timeZone);
    const absent = call.options?.nulls === 'ABSENT';
    return (...values: unknown[]) => {
      const made = new Map<string, string>();
      for (let i = 0; i < values.length; i += 2) {
        const value = values[i + 1];
        if (value === null && absent) continue;
        made.set(String(values[i]), value === null ? 'null' : (write[i + 1] as (value: unknown) => string)(value));
      }
      return objectText([...made]);
    };
  },
};

const JSON_ARRAY: ScalarFunction = {
  name: 'JSON_ARRAY',
  resolve(request) {
    refuseNulls(request);
    const { operands, options } = request;
    return { type: withNull(T.string, false), options: { ...options, raw: rawOperands(operands) } };
  },
  nulls: 'pass',
  implement(call, { timeZone }) {
    const write = writers(call, timeZone);
    const keep = call.options?.nulls === 'NULL';
    return (...values: unknown[]) => {
      const items = values.flatMap((value, i) =>
        value === null ? (keep ? ['null'] : []) : [(write[i] as (value: unknown) => string)(value)],
      );
      return `[${items.join(',')}]`;
    };
  },
};

const JSON_STRING = scalar('JSON_STRING', [['ANY']], T.string, {
  implement: ({ operands }, { timeZone }) => jsonWriter(operands[0]?.type as AnyType, timeZone),
});

function isJson(kind: string, negated: boolean): ScalarFunction {
  const fits = (value: Json): boolean => {
    switch (kind) {
      case 'SCALAR':
        return isScalar(value);
      case 'ARRAY':
        return Array.isArray(value);
      case 'OBJECT':
        return value instanceof Map;
      default:
        return true;
    }
  };
  const name = `IS ${negated ? 'NOT ' : ''}JSON${kind === '' ? '' : ` ${kind}`}`;
  return {
    name,
    resolve({ operands, site }) {
      const types = operands.map((operand) => operand.type);
      checkForms(name, types, [['CHARACTER']], site);
      return { type: withNull(T.boolean, false) };
    },
    nulls: 'pass',
    implement: () => (text: string | null) => {
      if (text === null) return negated;
      try {
        return fits(parseJson(text)) !== negated;
      } catch (error) {
        if (error instanceof JsonError) return negated;
        throw error;
      }
    },
  };
}

export const JSON_FUNCTIONS: readonly ScalarFunction[] = [
  JSON_EXISTS,
  JSON_VALUE,
  JSON_QUERY,
  JSON_OBJECT,
  JSON_ARRAY,
  JSON_STRING,
  ...['', 'VALUE', 'SCALAR', 'ARRAY', 'OBJECT'].flatMap((kind) => [isJson(kind, false), isJson(kind, true)]),
];
