import { StreambookError } from '../../core/errors.js';
import { JavaOrderedMap } from '../../core/java-ordered-map.js';
import { type MapEntries, TimedValue } from './collections.js';
import type { StateDescriptor } from './descriptors.js';
import type { StateTable } from './table.js';

/** Brings a restored table to the version that the program asks for. @throws `state-version` */
export function migrateTable(table: StateTable<unknown>, descriptor: StateDescriptor): void {
  const from = table.version;
  const { version, migrate, name } = descriptor;
  if (from === version) return;
  if (table.size() > 0) {
    if (from > version || migrate === undefined) {
      throw new StreambookError(
        'state-version',
        `the snapshot has version ${from} of state \`${name}\`, the program ${version}`,
        {
          hint: 'descriptor.withVersion(version, migrate) turns older values into what the program keeps now',
        },
      );
    }
    for (const space of table.spaces.values()) {
      for (const cell of space.cells.values()) cell.value = migrated(cell.value, (value) => migrate(value, from));
    }
  }
  table.version = version;
}

/** Lists and maps keep each entry by itself. */
function migrated(value: unknown, migrate: (value: unknown) => unknown): unknown {
  if (Array.isArray(value) && value.every((entry) => entry instanceof TimedValue)) {
    for (const entry of value as TimedValue<unknown>[]) entry.value = migrate(entry.value);
    return value;
  }
  if (value instanceof JavaOrderedMap) {
    for (const [, entry] of (value as MapEntries).entries()) entry.value = [entry.value[0], migrate(entry.value[1])];
    return value;
  }
  return migrate(value);
}
