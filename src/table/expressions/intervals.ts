import { type AnyType, type } from '../../core/types/index.js';
import type { IntervalQualifier, IntervalUnit } from '../sql/ast/literals.js';

const MS: Readonly<Record<IntervalUnit, number>> = {
  YEAR: 12,
  MONTH: 1,
  DAY: 86_400_000,
  HOUR: 3_600_000,
  MINUTE: 60_000,
  SECOND: 1000,
};
const ORDER: readonly IntervalUnit[] = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** Whether a qualifier names an interval of months. */
function isYearMonth({ start }: IntervalQualifier): boolean {
  return start === 'YEAR' || start === 'MONTH';
}

/** The type of an interval; Flink's names for them are its own: INTERVAL '90' MINUTE is an `INTERVAL SECOND(3)`. */
export function intervalType(qualifier: IntervalQualifier): AnyType {
  return (isYearMonth(qualifier) ? type.intervalYearMonth('MONTH') : type.intervalDayTime('SECOND(3)')) as AnyType;
}

const SEPARATOR: Readonly<Record<string, string>> = { MONTH: '-', HOUR: ' ', MINUTE: ':', SECOND: ':' };

/** Reads `1-2`, `1 02:03:04.567`: months, or ms. `undefined` when the text does not fit the qualifier. */
export function parseInterval(text: string, qualifier: IntervalQualifier): number | undefined {
  const units = ORDER.slice(ORDER.indexOf(qualifier.start), ORDER.indexOf(qualifier.end ?? qualifier.start) + 1);
  const pattern = units.map((unit, i) => {
    const digits = unit === 'SECOND' ? '(\\d+(?:\\.\\d{1,9})?)' : '(\\d+)';
    return `${i === 0 ? '' : SEPARATOR[unit]}${digits}`;
  });
  const found = new RegExp(`^\\s*([+-]?)${pattern.join('')}\\s*$`).exec(text);
  if (found === null) return undefined;
  let total = 0;
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as IntervalUnit;
    const number = Number(found[i + 2]);
    if (
      i > 0 &&
      ((unit === 'MONTH' && number > 11) ||
        (unit === 'HOUR' && number > 23) ||
        (unit !== 'MONTH' && unit !== 'HOUR' && number >= 60))
    ) {
      return undefined;
    }
    total += unit === 'SECOND' ? Math.floor(Math.round(number * 1e6) / 1e3) : number * MS[unit];
  }
  return found[1] === '-' ? -total : total;
}
