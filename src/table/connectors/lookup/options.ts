import { honoured, type OptionEntry, type OptionList, own, refused } from '../option-list.js';

const NEVER_WHOLE = 'it is about the FULL cache, and the whole table is never read';

const FULL_CACHE: readonly OptionEntry[] = [
  refused('lookup.full-cache.reload-strategy', 'PERIODIC', NEVER_WHOLE),
  refused('lookup.full-cache.periodic-reload.interval', undefined, NEVER_WHOLE),
  refused('lookup.full-cache.periodic-reload.schedule-mode', 'FIXED_DELAY', NEVER_WHOLE),
  refused('lookup.full-cache.timed-reload.iso-time', undefined, NEVER_WHOLE),
  refused('lookup.full-cache.timed-reload.interval-in-days', '1', NEVER_WHOLE),
];

/** The names of Flink's lookup options (FLIP-221), for a table whose rows a function gives. */
export const LOOKUP_OPTIONS: OptionList = {
  name: 'lookup',
  entries: [
    own('function', undefined, 'what `t.createLookupTable` was given'),
    honoured(
      'lookup.cache',
      'NONE',
      '`NONE`, `PARTIAL`; `FULL` is refused: the function is asked for a key, never for all rows',
    ),
    honoured(
      'lookup.partial-cache.max-rows',
      undefined,
      'of keys: the one that was not asked for the longest goes first',
    ),
    honoured('lookup.partial-cache.expire-after-write'),
    honoured('lookup.partial-cache.expire-after-access'),
    honoured('lookup.partial-cache.cache-missing-key', 'true'),
    honoured('lookup.max-retries', '3', 'after the first try'),
    own('lookup.retry-delay', '100 ms', 'before the first of these; twice as long before each further one'),
    own('lookup.timeout', undefined, 'default: `table.exec.async-lookup.timeout`, 3 min'),
    own('lookup.capacity', undefined, 'calls at once; default: `table.exec.async-lookup.buffer-capacity`, 100'),
    ...FULL_CACHE,
  ],
};
