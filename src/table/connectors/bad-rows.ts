import { nearest } from '../../core/nearest.js';
import type { Row } from '../../core/rows/index.js';
import { rowClassOf } from '../../core/rows/index.js';
import { type AnyType, type } from '../../core/types/index.js';
import { ValidationError } from '../errors.js';
import { type PlanField, planSchema } from '../plan/field.js';
import type { BadRecord } from './contract.js';
import { metadataCast } from './metadata.js';

interface Part {
  readonly type: AnyType;
  readonly of: (record: BadRecord) => unknown;
}

/** What a table of bad rows may have as columns. */
const PARTS: Readonly<Record<string, Part>> = {
  source: { type: type.string(), of: ({ source }) => source },
  line: { type: type.bigint(), of: ({ line }) => line },
  kafka_partition: { type: type.int(), of: ({ partition }) => partition ?? null },
  kafka_offset: { type: type.bigint(), of: ({ offset }) => offset ?? null },
  field: { type: type.string(), of: ({ column }) => column ?? null },
  reason: { type: type.string(), of: ({ reason }) => reason },
  content: { type: type.string(), of: ({ content }) => content },
};

/**
 * Makes the function that makes a row of a table out of a record that could not be read.
 *
 * @param name of the table, for messages
 * @throws ValidationError for columns that say nothing of such records
 */
export function badRowMaker(fields: readonly PlanField[], name: string): (record: BadRecord) => Row {
  const columns = fields.map((field) => {
    const part = Object.hasOwn(PARTS, field.name) ? PARTS[field.name] : undefined;
    if (part !== undefined) return { cast: metadataCast(part.type, field.type), of: part.of };
    const names = Object.keys(PARTS);
    const meant = nearest(field.name, names);
    throw new ValidationError(
      `the table \`${name}\` cannot take bad rows: its column \`${field.name}\` is none of theirs`,
      {
        hint: `${meant === undefined ? '' : `did you mean \`${meant}\`? `}any of: ${names.map((one) => `${one} ${PARTS[one]?.type}`).join(', ')}`,
      },
    );
  });
  const RowOf = rowClassOf(planSchema(fields));
  return (record) =>
    RowOf.of(
      columns.map(({ cast, of }) => {
        const value = of(record);
        return value === null ? null : cast(value);
      }),
    );
}
