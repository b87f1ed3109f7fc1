import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { type AnyType, type } from '../../../core/types/index.js';

/** What is known of a file besides its rows. @see Flink: FileSystem SQL Connector, Available Metadata */
export const FILE_METADATA: Readonly<
  Record<string, { readonly type: AnyType; readonly of: (file: string) => unknown }>
> = {
  'file.path': { type: type.string().notNull(), of: (file) => file },
  'file.name': { type: type.string().notNull(), of: (file) => basename(file) },
  'file.size': { type: type.bigint().notNull(), of: (file) => statSync(file).size },
  'file.modification-time': {
    type: type.timestampLtz(3).notNull(),
    of: (file) => Math.floor(statSync(file).mtimeMs),
  },
};
