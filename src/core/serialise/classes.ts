import { quoted } from '../arguments.js';
import { ArgumentError, messageOf, StreambookError } from '../errors.js';
import { checkOptions, type OptionNames } from '../option-names.js';

/** How instances of a class are kept. */
export interface SerialisableOptions<T, P = unknown> {
  /** The name in snapshots, which must not change. Default: the class's own name. */
  readonly name?: string;
  /** Raise it when what `toPlain` gives changes, and say in `migrate` what became of the old form. Default 1. */
  readonly version?: number;
  /** What is kept of an instance. Default: its own fields (private `#fields` are not among them). */
  readonly toPlain?: (instance: T) => P;
  /** An instance from what was kept. Default: an object of the class with these fields; the constructor is not called. */
  readonly fromPlain?: (plain: P) => T;
  /** Turns what an older version kept into what `fromPlain` takes now. */
  readonly migrate?: (plain: unknown, fromVersion: number) => P;
}

const NAMES: OptionNames<SerialisableOptions<never>> = {
  name: true,
  version: true,
  toPlain: true,
  fromPlain: true,
  migrate: true,
};

type AnyClass<T> = abstract new (...args: never[]) => T;

/** A class that was registered. */
export interface RegisteredClass {
  readonly name: string;
  readonly version: number;
  readonly toPlain: (instance: object) => unknown;
  readonly fromPlain: (plain: unknown) => unknown;
  readonly migrate: ((plain: unknown, fromVersion: number) => unknown) | undefined;
}

const byPrototype = new WeakMap<object, RegisteredClass>();
const byName = new Map<string, RegisteredClass>();

/**
 * Lets instances of a class into state and snapshots. Registering a name again replaces the class that comes back (a
 * notebook's cell is run more than once).
 *
 * @example
 *   class Cart { constructor(public items: string[], public currency: string) {} }
 *   serialisable(Cart, { version: 2, migrate: (old, from) => ({ ...old, currency: 'EUR' }) });
 */
export function serialisable<T extends object, P = unknown>(
  type: AnyClass<T>,
  options: SerialisableOptions<T, P> = {},
): void {
  if (typeof type !== 'function' || typeof type.prototype !== 'object') {
    throw new ArgumentError(`serialisable: ${quoted(type)} is not a class`);
  }
  checkOptions('serialisable', options, NAMES);
  const name = options.name ?? type.name;
  const version = options.version ?? 1;
  if (name === '') throw new ArgumentError('serialisable: a class without a name needs { name }');
  if (!Number.isSafeInteger(version) || version < 0) {
    throw new ArgumentError(`serialisable(${name}): version ${version} is not a whole number from 0`);
  }
  const { prototype } = type as { prototype: object };
  const made: RegisteredClass = {
    name,
    version,
    toPlain: (options.toPlain as ((instance: object) => unknown) | undefined) ?? ((instance) => ({ ...instance })),
    fromPlain:
      (options.fromPlain as ((plain: unknown) => unknown) | undefined) ??
      ((plain) => Object.defineProperties(Object.create(prototype), Object.getOwnPropertyDescriptors(plain as object))),
    migrate: options.migrate,
  };
  byPrototype.set(prototype, made);
  byName.set(name, made);
}

/** The class of an object, if it was registered. Subclasses must be registered themselves. */
export function registeredClassOf(value: object): RegisteredClass | undefined {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null ? undefined : byPrototype.get(prototype);
}

/** Raised when a snapshot holds an instance that cannot come back. */
export class ClassVersionError extends StreambookError {
  /** The message without the code and the hint. */
  readonly problem: string;

  constructor(name: string, message: string, hint: string, cause?: unknown) {
    const problem = `class ${name}: ${message}`;
    super('class-version', problem, { hint, ...(cause === undefined ? {} : { cause }) });
    this.problem = problem;
  }
}

/** Makes an instance from what was kept, through `migrate` when it is of an older version. */
export function revive(name: string, version: number, plain: unknown): unknown {
  const known = byName.get(name);
  if (known === undefined) {
    throw new ClassVersionError(
      name,
      'the snapshot holds instances of it, but it is not registered',
      `call serialisable(${name}) before the job starts`,
    );
  }
  if (version === known.version) return known.fromPlain(plain);
  if (version > known.version) {
    throw new ClassVersionError(
      name,
      `the snapshot has version ${version}, registered is ${known.version}`,
      'start with the program that wrote the snapshot, or a later one',
    );
  }
  if (known.migrate === undefined) {
    throw new ClassVersionError(
      name,
      `the snapshot has version ${version}, registered is ${known.version}`,
      'give serialisable() a migrate hook',
    );
  }
  try {
    return known.fromPlain(known.migrate(plain, version));
  } catch (cause) {
    throw new ClassVersionError(
      name,
      `its migrate hook failed on an instance of version ${version}: ${messageOf(cause)}`,
      `mend the hook that serialisable(${name}, { migrate }) was given`,
      cause,
    );
  }
}
