import { messageOf, StreambookError } from '../../core/errors.js';
import { JavaOrderedMap } from '../../core/java-ordered-map.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import { userLine } from '../errors.js';
import { type MapEntries, TimedValue } from './collections.js';
import type { StateDescriptor } from './descriptors.js';
import type { StateTable } from './table.js';

/** Brings a restored table to the version that the program asks for. @throws `state-version` */
export function migrateTable(table: StateTable<unknown>, descriptor: StateDescriptor): void {
  const from = table.version;
  if (from === descriptor.version) return;
  for (const space of table.spaces.values()) {
    for (const cell of space.cells.values()) {
      cell.value = eachEntry(cell.value, (value) => migratedValue(descriptor, from, value));
    }
  }
  table.version = descriptor.version;
}

/** What the migrate hook makes of a value of an older version. @throws `state-version` */
export function migratedValue({ name, version, migrate }: StateDescriptor, from: number, value: unknown): unknown {
  if (from > version || migrate === undefined) {
    throw new StreambookError(
      'state-version',
      `the snapshot has version ${from} of state \`${name}\`, the program ${version}`,
      {
        hint:
          from > version
            ? 'start the program that wrote the snapshot, or a later one: versions only go up'
            : 'descriptor.withVersion(version, migrate) turns older values into what the program keeps now',
      },
    );
  }
  try {
    const migrated = migrate(value, from);
    if (migrated === undefined || migrated === null) throw new TypeError(`it gave ${migrated}`);
    checkSerialisable(migrated, 'what it gave');
    return migrated;
  } catch (cause) {
    throw new StreambookError(
      'state-version',
      `the migrate hook of state \`${name}\` failed on a value of version ${from}: ${messageOf(cause)}`,
      { cause, ...where(cause) },
    );
  }
}

function where(cause: unknown): { where?: string } {
  const line = userLine(cause);
  return line === undefined ? {} : { where: line };
}

/** Lists and maps keep each entry by itself. */
function eachEntry(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value) && value.every((entry) => entry instanceof TimedValue)) {
    for (const entry of value as TimedValue<unknown>[]) entry.value = change(entry.value);
    return value;
  }
  if (value instanceof JavaOrderedMap) {
    for (const [, entry] of (value as MapEntries).entries()) entry.value = [entry.value[0], change(entry.value[1])];
    return value;
  }
  return change(value);
}
