import { rowClassOf } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import { compileExpression, type EvaluationContext, evaluationContext } from '../codegen/index.js';
import { ValidationError } from '../errors.js';
import { buildCast } from '../expressions/index.js';
import { type PlanField, planSchema } from '../plan/field.js';
import { inputRef } from '../plan/rex.js';
import type { TableDescription } from './contract.js';
import { tableName } from './options.js';

/** A metadata column of a table, and the key it has for the connector. */
export interface MetadataColumn {
  readonly column: PlanField;
  readonly key: string;
}

/**
 * The metadata columns of a table.
 *
 * @param known the keys that the connector has
 * @throws ValidationError for others, as Flink does
 */
export function metadataColumns(
  table: TableDescription,
  known: readonly string[],
  purpose: 'reading' | 'writing',
): readonly MetadataColumn[] {
  return table.metadata.map(({ index, key }) => {
    const column = table.fields[index] as PlanField;
    if (known.includes(key)) return { column, key };
    throw new ValidationError(
      `Invalid metadata key '${key}' in column '${column.name}' of table '${tableName(table)}'`,
      {
        hint:
          known.length === 0
            ? `this connector has no metadata for ${purpose}; METADATA VIRTUAL makes a column that is only read`
            : `for ${purpose} there are: ${known.join(', ')}${purpose === 'writing' ? '; METADATA VIRTUAL makes a column that is only read' : ''}`,
      },
    );
  });
}

/** The columns that are in the records themselves. */
export function physicalColumns(table: TableDescription): readonly PlanField[] {
  const metadata = new Set(table.metadata.map(({ index }) => index));
  return table.fields.filter((_, i) => !metadata.has(i));
}

/** Makes the function that turns the connector's value into the column's, as CAST does. @throws ValidationError */
export function metadataCast(
  from: AnyType,
  to: AnyType,
  evaluation: EvaluationContext = evaluationContext(),
): (value: unknown) => unknown {
  if (String(from.nullable()) === String(to.nullable())) return (value) => value;
  const fields: PlanField[] = [{ name: 'v', type: from }];
  const cast = compileExpression(buildCast('CAST', inputRef(0, from), to), fields, evaluation);
  const One = rowClassOf(planSchema(fields));
  return (value) => cast(One.of([value]));
}
