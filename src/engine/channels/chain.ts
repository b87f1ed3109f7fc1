import { givenKeyIdOf, keyIdOf, NO_KEY } from '../../core/keys.js';
import type { ElementReceiver, KeyedReceiver } from '../operator.js';
import type { OperatorContext } from '../operator-context.js';
import type { Channel } from './channel.js';
import type { Output } from './output.js';

/** The name of the method by which an operator says how it works within a chain. */
export const CHAINED = Symbol('chained');

/** One element within the text of a chain. */
export interface ChainPlace {
  /** What the text has for the element and for its timestamp. */
  readonly value: string;
  readonly timestamp: string;
  /** What it has for the id of the key; of use in an input that has one. */
  readonly key: string;
  /** Ends all names that the text declares or uses, so that no other operator of the chain has the same. */
  readonly at: number;
  /** What becomes of a result: a statement, to be written once. */
  readonly emit: (value: string, timestamp: string) => string;
}

/** How an operator does the work of its `processElement` within a chain. */
export interface ChainLink {
  /** What the text uses. There their names end with {@link ChainPlace.at}. */
  readonly names: Readonly<Record<string, unknown>>;
  readonly text: (place: ChainPlace) => string;
}

/**
 * An operator that can be written into a chain. One that has timers, or takes its key with the element, looks by itself after
 * what is half done when an element comes (`draining`), and after `backend.keyId`.
 */
export interface Chainable extends ElementReceiver {
  readonly output: Output<unknown>;
  [CHAINED](): ChainLink;
}

/** What a channel leads to. */
export interface ChannelEnd {
  readonly context: OperatorContext;
  readonly receiver: ElementReceiver;
  /** The key of an element, where the input has one. */
  readonly key: ((value: unknown) => unknown) | undefined;
  /** Whether the key may be `null` or `undefined`. */
  readonly nullKeys?: boolean | undefined;
  /**
   * The input has no key, and another of the operator's does: state and timers must not be taken for those of the key that
   * was current last.
   */
  readonly beside?: boolean;
}

/** The most channels in one function. */
const MOST_CHANNELS = 8;

/** Channels whose work can be written into that of the one above. */
const ends = new WeakMap<object, ChannelEnd>();

/** Lets the channel be written into chains. */
export function makeChainable(channel: Channel, end: ChannelEnd): void {
  ends.set(channel, end);
}

/**
 * The text of what channels do with an element. With `chained`, operators that tell how they work are written into it with all
 * that is below them, as far as the way does not fork: then an element goes through one function of the job's own. Otherwise
 * operators of one class share their code with those of all other jobs in the process, and after a few jobs V8 does not know
 * any more where the calls in it lead. A job that is traced has no chains: what tells of its elements stands in between.
 *
 * What is below has to be wired before.
 *
 * @see Flink: Task Chaining and Resource Groups
 */
export class ChainText {
  /** What the text uses, by name. */
  readonly names = new Map<string, unknown>();

  constructor(private readonly chained: boolean) {}

  /** @param self what the text has for the channel */
  of(end: ChannelEnd, self: string, value: string, timestamp: string, at = 0): string {
    const { context, receiver, key } = end;
    const direct = key !== undefined && isKeyedReceiver(receiver);
    const link = this.linkOf(end, direct);
    // An operator that takes its key with the element looks after `draining` itself.
    const drain = direct || link !== undefined ? '' : `if (context${at}.draining) context${at}.completeDrain();`;
    this.names.set(`context${at}`, context);
    return `${self}.count++;
    try {
      ${drain} ${this.keyText(end, direct, value, at)}
      ${link === undefined ? this.callText(receiver, direct, value, timestamp, at) : this.linkText(link, receiver as Chainable, value, timestamp, at)}
    } catch (error) {
      context${at}.elementFailed(${value}, ${timestamp}, error);
    }`;
  }

  private linkOf({ context, receiver }: ChannelEnd, direct: boolean): ChainLink | undefined {
    if (!this.chained || context.trace !== undefined || !isChainable(receiver)) return undefined;
    // What takes its key with the element finds it elsewhere where the input has none.
    return direct || !isKeyedReceiver(receiver) ? receiver[CHAINED]() : undefined;
  }

  private keyText({ context, key, nullKeys, beside }: ChannelEnd, direct: boolean, value: string, at: number): string {
    const { names } = this;
    if (key === undefined && beside !== true) return '';
    names.set(`backend${at}`, context.keyed());
    if (key === undefined) {
      names.set(`noKey${at}`, NO_KEY);
      return `backend${at}.keyId = noKey${at};`;
    }
    names.set(`select${at}`, key).set(`keyIdOf${at}`, nullKeys === true ? keyIdOf : givenKeyIdOf);
    // Most keys are strings, and their own ids.
    const id = `typeof key${at} === 'string' && key${at}.charCodeAt(0) !== 0 ? key${at} : keyIdOf${at}(key${at})`;
    return `const key${at} = select${at}(${value});
      const id${at} = ${id}; ${direct ? '' : `backend${at}.keyId = id${at};`}`;
  }

  private callText(receiver: ElementReceiver, direct: boolean, value: string, timestamp: string, at: number): string {
    this.names.set(`receiver${at}`, receiver);
    return direct
      ? `receiver${at}.processKeyed(${value}, ${timestamp}, id${at});`
      : `receiver${at}.processElement(${value}, ${timestamp});`;
  }

  private linkText(link: ChainLink, { output }: Chainable, value: string, timestamp: string, at: number): string {
    for (const [name, what] of Object.entries(link.names)) this.names.set(name + at, what);
    const emit = (result: string, time: string): string => {
      const end = ends.get(output);
      const self = `output${at}`;
      this.names.set(self, output);
      if (end === undefined || at + 1 === MOST_CHANNELS) return `${self}.collect(${result}, ${time});`;
      return this.of(end, self, result, time, at + 1);
    };
    return link.text({ value, timestamp, key: `id${at}`, at, emit });
  }
}

function isKeyedReceiver(receiver: object): receiver is KeyedReceiver {
  return 'processKeyed' in receiver;
}

/** A class that inherits from one of the chain may do other things with an element. */
function isChainable(receiver: object): receiver is Chainable {
  return Object.hasOwn(Object.getPrototypeOf(receiver), CHAINED);
}
