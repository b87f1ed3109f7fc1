import type { AnyType, LogicalType } from '../../core/types/index.js';
import type { Expression, Operand } from './expression.js';
import type { Bool, NullOf, Text } from './types.js';

/** The units of time that `extract`, `floor` and `ceil` know. */
export type TimeUnit =
  | 'YEAR'
  | 'QUARTER'
  | 'MONTH'
  | 'WEEK'
  | 'DAY'
  | 'DOY'
  | 'DOW'
  | 'HOUR'
  | 'MINUTE'
  | 'SECOND'
  | 'MILLISECOND';

/** What an expression can do with texts and times; see {@link Expression}. */
export abstract class TextAndTime<T extends AnyType> {
  protected abstract call<R extends AnyType>(
    name: string,
    operands: readonly unknown[],
    options?: Readonly<Record<string, unknown>>,
  ): Expression<R>;

  // ---- text
  upperCase(): Expression<Text<T>> {
    return this.call('UPPER', [this]);
  }
  lowerCase(): Expression<Text<T>> {
    return this.call('LOWER', [this]);
  }
  initCap(): Expression<Text<T>> {
    return this.call('INITCAP', [this]);
  }
  charLength(): Expression<LogicalType<'INT', NullOf<T>>> {
    return this.call('CHAR_LENGTH', [this]);
  }
  /** From position `start` (from 1), `length` characters or all that follow. */
  substring(start: Operand, length?: Operand): Expression<Text<T>> {
    return this.call('SUBSTRING', length === undefined ? [this, start] : [this, start, length]);
  }
  trim(): Expression<Text<T>> {
    return this.call('TRIM', [this], { trim: 'BOTH' });
  }
  ltrim(): Expression<Text<T>> {
    return this.call('LTRIM', [this]);
  }
  rtrim(): Expression<Text<T>> {
    return this.call('RTRIM', [this]);
  }
  lpad(length: Operand, pad: Operand): Expression<Text<T>> {
    return this.call('LPAD', [this, length, pad]);
  }
  rpad(length: Operand, pad: Operand): Expression<Text<T>> {
    return this.call('RPAD', [this, length, pad]);
  }
  repeat(times: Operand): Expression<Text<T>> {
    return this.call('REPEAT', [this, times]);
  }
  replace(what: Operand, by: Operand): Expression<Text<T>> {
    return this.call('REPLACE', [this, what, by]);
  }
  regexpReplace(regex: Operand, by: Operand): Expression<Text<T>> {
    return this.call('REGEXP_REPLACE', [this, regex, by]);
  }
  regexpExtract(regex: Operand, group: Operand = 0): Expression<LogicalType<'VARCHAR', 'nullable'>> {
    return this.call('REGEXP_EXTRACT', [this, regex, group]);
  }
  splitIndex(separator: Operand, index: Operand): Expression<LogicalType<'VARCHAR', 'nullable'>> {
    return this.call('SPLIT_INDEX', [this, separator, index]);
  }
  /** Where this text stands in another, from 1; 0: not at all. */
  position(within: Operand): Expression<LogicalType<'INT', NullOf<T>>> {
    return this.call('POSITION', [this, within]);
  }
  md5(): Expression<Text<T>> {
    return this.call('MD5', [this]);
  }
  sha256(): Expression<Text<T>> {
    return this.call('SHA256', [this]);
  }
  jsonValue(path: Operand): Expression<LogicalType<'VARCHAR', 'nullable'>> {
    return this.call('JSON_VALUE', [this, path]);
  }
  jsonExists(path: Operand): Expression<Bool<T>> {
    return this.call('JSON_EXISTS', [this, path]);
  }

  // ---- time
  extract(unit: TimeUnit): Expression<LogicalType<'BIGINT', NullOf<T>>> {
    return this.call('EXTRACT', [this], { unit });
  }
  toDate(): Expression<LogicalType<'DATE', NullOf<T>>> {
    return this.call('CAST_DATE', [this]);
  }
  toTimestamp(): Expression<LogicalType<'TIMESTAMP', 'nullable'>> {
    return this.call('TO_TIMESTAMP', [this]);
  }
  /** A number as a day-time interval: `lit(5).seconds()`. */
  days(): Expression<LogicalType<'INTERVAL_DAY_TIME', NullOf<T>>> {
    return this.call('INTERVAL', [this], { unit: 'DAY' });
  }
  hours(): Expression<LogicalType<'INTERVAL_DAY_TIME', NullOf<T>>> {
    return this.call('INTERVAL', [this], { unit: 'HOUR' });
  }
  minutes(): Expression<LogicalType<'INTERVAL_DAY_TIME', NullOf<T>>> {
    return this.call('INTERVAL', [this], { unit: 'MINUTE' });
  }
  seconds(): Expression<LogicalType<'INTERVAL_DAY_TIME', NullOf<T>>> {
    return this.call('INTERVAL', [this], { unit: 'SECOND' });
  }
  millis(): Expression<LogicalType<'INTERVAL_DAY_TIME', NullOf<T>>> {
    return this.call('INTERVAL', [this], { unit: 'MILLISECOND' });
  }
}
