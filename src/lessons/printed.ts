import { inspect } from 'node:util';

const longest = 600;

/** A value of the student's as one reads it in code, cut where it is long. Never throws. */
export function printed(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, { depth: 4, maxArrayLength: 12, maxStringLength: 200, breakLength: 100, compact: 3 });
  } catch {
    text = 'a value that cannot be shown';
  }
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** What kind of value it is: `a string`, `an array of 3`. */
export function kindOf(value: unknown): { readonly en: string; readonly zh: string } {
  if (value === null) return { en: '`null`', zh: '`null`' };
  if (value === undefined) return { en: '`undefined`', zh: '`undefined`' };
  if (Array.isArray(value)) return { en: `an array of ${value.length}`, zh: `长度为 ${value.length} 的数组` };
  switch (typeof value) {
    case 'string':
      return { en: 'a string', zh: '字符串' };
    case 'number':
      return Number.isNaN(value) ? { en: '`NaN`', zh: '`NaN`' } : { en: 'a number', zh: '数字' };
    case 'bigint':
      return { en: 'a bigint', zh: 'bigint' };
    case 'boolean':
      return { en: 'a boolean', zh: '布尔值' };
    case 'function':
      return { en: 'a function', zh: '函数' };
    case 'symbol':
      return { en: 'a symbol', zh: 'symbol' };
    default:
      if (value instanceof Promise) return { en: 'a promise', zh: 'Promise' };
      return { en: 'an object', zh: '对象' };
  }
}
