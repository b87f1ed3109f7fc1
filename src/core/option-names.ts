import { ArgumentError } from './errors.js';
import { nearest } from './nearest.js';

/** The names of all options of `O`: the compiler sees to it that none is missing and none is too many. */
export type OptionNames<O> = { readonly [N in keyof O]-?: true };

/**
 * Refuses options that do not exist: left out in silence, `{ paralelism: 2 }` would run with one subtask. TypeScript finds
 * them where an object is written down; JavaScript, and an object put together elsewhere, do not.
 *
 * @param of what the options are of, as the user called it: `streamEnv`
 * @param elsewhere options of others that may be in the same object: they are let through, unless nearly one of these
 * @throws ArgumentError with the option, the nearest that exists, and all
 */
export function checkOptions<O extends object>(
  of: string,
  options: O | undefined,
  names: OptionNames<O> | readonly string[],
  elsewhere?: ReadonlySet<string>,
): void {
  if (options === undefined) return;
  const known = Array.isArray(names) ? (names as readonly string[]) : Object.keys(names);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const given = typeof options === 'function' ? 'a function' : `\`${String(options)}\``;
    throw new ArgumentError(`the options of ${of} are ${given}`, { hint: `an object: { ${known.join(', ')} }` });
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    if (near === undefined && elsewhere?.has(name) === true) continue;
    throw new ArgumentError(`${of} has no option \`${name}\``, {
      hint: `${near === undefined ? '' : `did you mean \`${near}\`? `}it has: ${known.join(', ')}`,
    });
  }
}
