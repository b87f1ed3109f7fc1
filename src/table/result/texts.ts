import type { Row } from '../../core/rows/index.js';
import { type Schema, type } from '../../core/types/index.js';
import { compileExpression, type EvaluationContext } from '../codegen/index.js';
import { buildCast } from '../expressions/index.js';
import { inputRef } from '../plan/rex.js';

/** Makes the function that writes every value of a row as Flink prints it: as CAST to STRING does, bytes as hex digits. */
export function rowTexts(schema: Schema, context: EvaluationContext): (row: Row) => (string | null)[] {
  const { fields } = schema;
  const texts = fields.map((field, i) => {
    if (field.type.root === 'VARCHAR' || field.type.root === 'CHAR')
      return (row: Row) => row[field.name] as string | null;
    if (field.type.root === 'BINARY' || field.type.root === 'VARBINARY') {
      return (row: Row) => {
        const bytes = row[field.name] as Uint8Array | null;
        return bytes === null ? null : `x'${Buffer.from(bytes).toString('hex')}'`;
      };
    }
    const cast = buildCast('CAST', inputRef(i, field.type), type.string());
    return compileExpression(cast, fields, context) as (row: Row) => string | null;
  });
  return (row) => texts.map((text) => text(row));
}
