import { checkDuration, checkWord } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';
import type { AggregateFunction, ReduceFunction } from '../functions/functions.js';
import { checkFunction, checkMethods } from '../functions/user-function.js';

/** When a state entry's time to live begins anew. */
export type TtlUpdateType = 'onCreateAndWrite' | 'onReadAndWrite';
/** Whether an entry that has expired but is still there may be seen. */
export type TtlStateVisibility = 'neverReturnExpired' | 'returnExpiredIfNotCleanedUp';

/**
 * How long a state entry lives, in processing time.
 *
 * @see Flink: Working with State, State Time-To-Live
 */
export interface StateTtlConfig {
  /** Milliseconds, above 0. */
  readonly ttlMs: number;
  /** Default `onCreateAndWrite`. */
  readonly updateType?: TtlUpdateType;
  /** Default `neverReturnExpired`. */
  readonly stateVisibility?: TtlStateVisibility;
  /** Whether each access also removes a little of what has expired, of whatever key. Default true. */
  readonly cleanupInBackground?: boolean;
}

const TTL_OPTIONS: OptionNames<StateTtlConfig> = {
  ttlMs: true,
  updateType: true,
  stateVisibility: true,
  cleanupInBackground: true,
};

/** What kinds of keyed state there are. */
export type StateKind = 'value' | 'list' | 'map' | 'reducing' | 'aggregating';

/** Makes a value of the present version out of one of an older. */
export type StateMigration = (value: unknown, fromVersion: number) => unknown;

/** Names a state of a keyed operator. */
export abstract class StateDescriptor {
  abstract readonly kind: StateKind;
  ttl: StateTtlConfig | undefined;
  /** @internal */
  version = 1;
  /** @internal */
  migrate: StateMigration | undefined;

  constructor(readonly name: string) {
    if (typeof name !== 'string' || name === '') throw new ArgumentError('a state needs a name');
  }

  /**
   * Says that values are kept in another form than before: a snapshot's values of an older version go through `migrate`
   * when the program first asks for this state. For a list or a map: each entry's value. The first version is 1.
   *
   * @example
   *   new ValueStateDescriptor<Cart>('cart').withVersion(2, (old, from) => ({ ...(old as OldCart), currency: 'EUR' }));
   */
  withVersion(version: number, migrate: StateMigration): this {
    if (!Number.isInteger(version) || version < 1) {
      throw new ArgumentError(`withVersion(${version}): not a whole number from 1`);
    }
    this.version = version;
    this.migrate = migrate;
    return this;
  }

  /** Lets entries expire. */
  enableTimeToLive(config: StateTtlConfig): this {
    checkOptions('enableTimeToLive', config, TTL_OPTIONS);
    const { ttlMs, updateType, stateVisibility } = config;
    checkDuration('enableTimeToLive: ttlMs', ttlMs, 'above 0');
    checkWord('enableTimeToLive: updateType', updateType, ['onCreateAndWrite', 'onReadAndWrite']);
    checkWord('enableTimeToLive: stateVisibility', stateVisibility, [
      'neverReturnExpired',
      'returnExpiredIfNotCleanedUp',
    ]);
    this.ttl = config;
    return this;
  }
}

/** One value per key. */
export class ValueStateDescriptor<T> extends StateDescriptor {
  readonly kind = 'value';
  declare readonly _type: T;
}

/** A list per key. */
export class ListStateDescriptor<T> extends StateDescriptor {
  readonly kind = 'list';
  declare readonly _type: T;
}

/** A map per key, and the shape of broadcast state. */
export class MapStateDescriptor<K, V> extends StateDescriptor {
  readonly kind = 'map';
  declare readonly _type: [K, V];
}

/** One value per key, into which everything added is reduced. */
export class ReducingStateDescriptor<T> extends StateDescriptor {
  readonly kind = 'reducing';
  constructor(
    name: string,
    readonly reduce: ReduceFunction<T>,
  ) {
    super(name);
    checkFunction(`ReducingStateDescriptor(${name})`, reduce);
  }
}

/** One accumulator per key, into which everything is added. */
export class AggregatingStateDescriptor<IN, ACC, OUT> extends StateDescriptor {
  readonly kind = 'aggregating';
  constructor(
    name: string,
    readonly aggregate: AggregateFunction<IN, ACC, OUT>,
  ) {
    super(name);
    checkMethods(`AggregatingStateDescriptor(${name})`, aggregate, ['createAccumulator', 'add', 'getResult'], 'object');
  }
}
