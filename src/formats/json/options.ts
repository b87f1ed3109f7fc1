import { ArgumentError } from '../../core/errors.js';
import type { OptionNames } from '../../core/option-names.js';

/**
 * How json is read and written. Names and defaults are those of Flink's json format.
 *
 * @see Flink: JSON Format
 */
export interface JsonOptions {
  /** A missing field is an error, and not NULL. Default false. */
  readonly failOnMissingField?: boolean;
  /**
   * Fields that cannot be read become NULL and are counted (`badFields`), rows that cannot are left out and counted
   * (`badRows`). Default false.
   */
  readonly ignoreParseErrors?: boolean;
  /** How timestamps are written: `2024-05-01 12:30:00.5` (`'SQL'`, default) or `2024-05-01T12:30:00.5`. Both are read. */
  readonly timestampFormat?: 'SQL' | 'ISO-8601';
  /** What becomes of a NULL key of a MAP: an error (default), the entry left out, or `mapNullKeyLiteral`. */
  readonly mapNullKeyMode?: 'FAIL' | 'DROP' | 'LITERAL';
  /** Default `null`. */
  readonly mapNullKeyLiteral?: string;
  /** DECIMALs always without exponent. Default false: 0.000000027 is written 2.7E-8. */
  readonly encodeDecimalAsPlainNumber?: boolean;
  /** NULL fields are not written at all. Default false. */
  readonly encodeIgnoreNullFields?: boolean;
}

/** The names of {@link JsonOptions}. */
export const JSON_OPTIONS: OptionNames<JsonOptions> = {
  failOnMissingField: true,
  ignoreParseErrors: true,
  timestampFormat: true,
  mapNullKeyMode: true,
  mapNullKeyLiteral: true,
  encodeDecimalAsPlainNumber: true,
  encodeIgnoreNullFields: true,
};

/** Checks the options and fills in the defaults. */
export function jsonSettings(options: JsonOptions): Required<JsonOptions> {
  const settings = {
    failOnMissingField: options.failOnMissingField ?? false,
    ignoreParseErrors: options.ignoreParseErrors ?? false,
    timestampFormat: options.timestampFormat ?? 'SQL',
    mapNullKeyMode: options.mapNullKeyMode ?? 'FAIL',
    mapNullKeyLiteral: options.mapNullKeyLiteral ?? 'null',
    encodeDecimalAsPlainNumber: options.encodeDecimalAsPlainNumber ?? false,
    encodeIgnoreNullFields: options.encodeIgnoreNullFields ?? false,
  } as const;
  if (settings.failOnMissingField && settings.ignoreParseErrors) {
    throw new ArgumentError('json: failOnMissingField and ignoreParseErrors contradict each other');
  }
  if (!['SQL', 'ISO-8601'].includes(settings.timestampFormat)) {
    throw new ArgumentError(`json timestampFormat: '${settings.timestampFormat}' is none of 'SQL', 'ISO-8601'`);
  }
  if (!['FAIL', 'DROP', 'LITERAL'].includes(settings.mapNullKeyMode)) {
    throw new ArgumentError(`json mapNullKeyMode: '${settings.mapNullKeyMode}' is none of 'FAIL', 'DROP', 'LITERAL'`);
  }
  return settings;
}
