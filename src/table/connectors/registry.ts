import { nearest } from '../../core/nearest.js';
import { ValidationError } from '../errors.js';
import type { TableConnector, TableDescription } from './contract.js';
import { datagenConnector } from './datagen/index.js';
import { filesystemConnector } from './filesystem/index.js';
import { kafkaConnector, upsertKafkaConnector } from './kafka/index.js';
import { LookupConnector } from './lookup/index.js';
import { tableName } from './options.js';
import { blackholeConnector, printConnector } from './print.js';

const CONNECTORS: readonly TableConnector[] = [
  blackholeConnector,
  datagenConnector,
  filesystemConnector,
  kafkaConnector,
  printConnector,
  upsertKafkaConnector,
];

/** The connectors that `'connector' = '...'` can name. */
export class Connectors {
  /** What `createLookupTable` was given. */
  readonly lookups = new LookupConnector();
  private readonly byName = new Map<string, TableConnector>();

  constructor() {
    for (const connector of [...CONNECTORS, this.lookups]) this.add(connector);
  }

  /** Makes a connector known, in place of one of the same name. */
  add(connector: TableConnector): void {
    this.byName.set(connector.name, connector);
  }

  /** What there is, by name. */
  list(): TableConnector[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The connector of a table. @throws ValidationError */
  of(table: TableDescription, connector: string | undefined): TableConnector {
    const names = [...this.byName.keys()].sort();
    if (connector === undefined) {
      throw new ValidationError(`table \`${tableName(table)}\` has no connector: nobody knows where its rows are`, {
        hint: `WITH ('connector' = '...'); there are: ${names.join(', ')}`,
      });
    }
    const found = this.byName.get(connector);
    if (found !== undefined) return found;
    const meant = nearest(connector, names);
    const message = `Could not find any factory for identifier '${connector}' that implements 'DynamicTableFactory'`;
    throw new ValidationError(`table \`${tableName(table)}\`: no connector '${connector}'. ${message}`, {
      hint: `${meant === undefined ? '' : `did you mean '${meant}'? `}there are: ${names.join(', ')}`,
    });
  }
}
