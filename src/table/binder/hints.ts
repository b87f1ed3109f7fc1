import { durationMs } from '../duration-text.js';
import type { Hint, Select, TableName } from '../sql/ast/queries.js';
import type { Binder } from './env.js';
import type { Source } from './scope.js';

const JOINS = new Set(['BROADCAST', 'SHUFFLE_HASH', 'SHUFFLE_MERGE', 'NEST_LOOP']);
const KNOWN = new Set([...JOINS, 'LOOKUP', 'STATE_TTL', 'OPTIONS']);

/**
 * Refuses hints that Flink refuses: an unknown one, one about a table that is not there, a time to live that is none.
 *
 * @see Flink: SQL, Hints
 */
export function checkHints({ hints, from }: Select, sources: readonly Source[], binder: Binder): void {
  for (const hint of hints) {
    const name = hint.name.name.toUpperCase();
    if (!KNOWN.has(name))
      throw binder.invalid(`Hint: ${name} should be registered in the HintStrategyTable`, hint, known());
    if (name === 'STATE_TTL') for (const { value } of hint.options ?? []) checkTtl(value, hint, binder);
    if (from?.kind !== 'join') continue;
    const about = JOINS.has(name)
      ? (hint.names ?? []).map((one) => one.name)
      : name === 'STATE_TTL'
        ? keysOf(hint)
        : [];
    const missing = about.find(
      (table) => !sources.some((source) => source.name === table || source.path?.at(-1) === table),
    );
    if (missing !== undefined)
      throw binder.invalid(
        `The options of following hints cannot match the name of input tables or views: \`${missing}\` in \`${name}\``,
        hint,
        `tables: ${sources.map((source) => source.name).join(', ')}`,
      );
  }
}

/** What the hints of a SELECT say of how long the state of its tables is kept, ms. */
export function stateTtls({ hints }: Select): ReadonlyMap<string, number> {
  const ttls = new Map<string, number>();
  for (const { name, options } of hints) {
    if (name.name.toUpperCase() !== 'STATE_TTL') continue;
    for (const { key, value } of options ?? []) {
      const ms = durationMs(value);
      if (ms !== undefined) ttls.set(key, ms);
    }
  }
  return ttls;
}

/** The time to live that a hint gives to what is read alone from one table; none for what several tables make together. */
export function ttlOf(sources: readonly Source[], ttls: ReadonlyMap<string, number> | undefined): number | undefined {
  const [only, ...others] = sources;
  if (only === undefined || others.length > 0) return undefined;
  return ttls?.get(only.name ?? '') ?? ttls?.get(only.path?.at(-1) ?? '');
}

const known = (): string => `hints: ${[...KNOWN].join(', ')}`;

const keysOf = (hint: Hint): string[] => (hint.options ?? []).map(({ key }) => key);

function checkTtl(value: string, hint: Hint, binder: Binder): void {
  if (durationMs(value) === undefined)
    throw binder.invalid(`Invalid STATE_TTL hint value: '${value}' is no duration`, hint, "for example '1d'");
}

/** The options that a hint gives a table: `t` with `OPTIONS('k' = 'v')` in a comment with a plus sign. */
export function tableOptions(item: TableName, binder: Binder): Readonly<Record<string, string>> | undefined {
  const hints = item.hints.filter(({ name }) => name.name.toUpperCase() === 'OPTIONS');
  if (hints.length === 0) return undefined;
  const bare = hints.find(({ options }) => (options ?? []).length === 0);
  if (bare !== undefined)
    throw binder.invalid('Hint [OPTIONS] only support non empty key value options', bare, "OPTIONS('key' = 'value')");
  return Object.fromEntries(hints.flatMap((hint) => (hint.options ?? []).map(({ key, value }) => [key, value])));
}
