import { type AnyType, sameTypeIgnoringNull, type } from '../../core/types/index.js';
import { textOf } from '../functions/cast/text.js';
import { INFIX } from '../functions/signature.js';
import { calciteName, isCharacter, isInterval } from '../functions/types.js';
import type { Rex, RexCall, RexLiteral } from '../plan/rex.js';

type Names = readonly { readonly name: string }[] | undefined;

const POSTFIX = /^IS /;

/**
 * An expression as Calcite prints it, `>($1, 5)`; with the columns' names as Flink's optimised plans do, `(b > 5)`.
 *
 * @param fields the columns that inputs refer to
 */
export function rexToString(rex: Rex, fields?: Names): string {
  switch (rex.kind) {
    case 'input':
      return fields?.[rex.index]?.name ?? `$${rex.index}`;
    case 'literal':
      return literalText(rex);
    case 'field':
      return `${rexToString(rex.operand, fields)}.${rex.name}`;
    case 'correlated':
      return `$cor${rex.id}.${rex.name}`;
    case 'call':
      return fields === undefined ? prefixText(rex) : infixText(rex, fields);
    case 'over':
      return overText(rex, fields);
    case 'subquery':
      return `${rex.form.toUpperCase()}(${rex.operands.map((operand) => rexToString(operand, fields)).join(', ')}, {...})`;
  }
}

const SHOWN: Readonly<Record<string, string>> = { '-/1': '-', MINUS_DATE: '-' };

function prefixText({ function: name, operands, type: result, options }: RexCall): string {
  const inner = operands.map((operand) => rexToString(operand));
  const unit = typeof options?.unit === 'string' ? [`FLAG(${options.unit})`] : [];
  const text = `${SHOWN[name] ?? name}(${[...(name === 'EXTRACT' ? unit : []), ...inner, ...(name === 'EXTRACT' ? [] : unit)].join(', ')})`;
  return name === 'CAST' || name === 'TRY_CAST' ? `${text}:${printedType(result)}` : text;
}

function infixText({ function: name, operands, type: result, options }: RexCall, fields: Names): string {
  const inner = operands.map((operand) => rexToString(operand, fields));
  if (INFIX.has(name)) return `(${inner.join(` ${name} `)})`;
  if (POSTFIX.test(name) && inner.length === 1) return `${inner[0]} ${name}`;
  if (name === 'CAST' || name === 'TRY_CAST') return `${name}(${inner[0]} AS ${printedType(result)})`;
  if (name === 'ITEM') return `ITEM(${inner.join(', ')})`;
  if (name === 'EXTRACT') return `EXTRACT(${options?.unit}, ${inner[0]})`;
  return `${SHOWN[name] ?? name}(${inner.join(', ')})`;
}

function overText(rex: Extract<Rex, { kind: 'over' }>, fields: Names): string {
  const list = (items: readonly Rex[]): string => items.map((item) => rexToString(item, fields)).join(', ');
  const parts: string[] = [];
  if (rex.partitionBy.length > 0) parts.push(`PARTITION BY ${list(rex.partitionBy)}`);
  if (rex.orderBy.length > 0) {
    const keys = rex.orderBy.map(
      ({ expression, descending, nullsFirst }) =>
        `${rexToString(expression, fields)}${descending ? ' DESC' : ''} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
    );
    parts.push(`ORDER BY ${keys.join(', ')}`);
  }
  const distinct = rex.distinct ? 'DISTINCT ' : '';
  return `${rex.function}(${distinct}${list(rex.operands)}) OVER (${parts.join(' ')})`;
}

function printedType(t: AnyType): string {
  const text = isCharacter(t) ? `${calciteName(t)} CHARACTER SET "UTF-16LE"` : calciteName(t);
  return t.nullability === 'not null' ? `${text} NOT NULL` : text;
}

function literalText({ value, type: t }: RexLiteral): string {
  if (value === null) return t.root === 'NULL' ? 'null:NULL' : `null:${printedType(t.nullable() as AnyType)}`;
  if (typeof value === 'string') {
    const text = `_UTF-16LE'${value.replaceAll("'", "''")}'`;
    return t.root === 'CHAR' && t.length === [...value].length
      ? text
      : `${text}:${printedType(t).replace(/ NOT NULL$/, '')}`;
  }
  if (typeof value === 'boolean') return String(value);
  if (isInterval(t)) return `${String(value)}:${calciteName(t).replace('(3)', '')}`;
  if (t.root === 'DOUBLE' || t.root === 'FLOAT') return `${textOf(t, 'UTC')(value as never)}:${t.root}`;
  const text = textOf(t, 'UTC')(value as never);
  const derived = t.root === 'INT' || t.root === 'DATE' || t.root === 'TIME' || t.root === 'TIMESTAMP';
  if (derived || (t.root === 'DECIMAL' && sameTypeIgnoringNull(t, derivedDecimal(text)))) return text;
  return `${text}:${printedType(t).replace(/ NOT NULL$/, '')}`;
}

function derivedDecimal(text: string): AnyType {
  const digits = text.replace(/[-.]/g, '').replace(/^0+(?=\d)/, '');
  const scale = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  return type.decimal(Math.min(38, Math.max(digits.length, scale, 1)), Math.min(38, scale)) as AnyType;
}
