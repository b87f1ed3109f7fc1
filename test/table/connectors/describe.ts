import { parseSchema } from '../../../src/core/types/index.js';
import type { TableDescription } from '../../../src/table/connectors/contract.js';

/** A table as a connector is told of it. */
export function described(
  columns: string,
  options: Record<string, string>,
  more: Partial<TableDescription> = {},
): TableDescription {
  return {
    identifier: ['default_catalog', 'default_database', 't'],
    fields: parseSchema(columns).fields,
    metadata: [],
    partitionedBy: [],
    options,
    ...more,
  };
}
