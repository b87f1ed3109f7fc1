import { NO_TIMESTAMP } from '../time/time.js';
import { ChainText, type ChannelEnd, makeChainable } from './chain.js';
import { Channel, type InputGate } from './channel.js';
import type { Output } from './output.js';

// V8 shares compiled code, and what it has learnt about calls, between functions of the same text.
let serial = 0;

type MakeChannel = (base: typeof Channel, gate: InputGate, values: readonly unknown[]) => Channel;

/**
 * Compiles the channels of one edge: a `collect` of their own, so that the calls in it (the key selector, the operator
 * below) lead to one place each and can be compiled into one another, however many other jobs have run in this process.
 * With one class for all channels the same calls led everywhere.
 *
 * It counts what passes, sets or hands over the key, and names who fails; and it does what the operators below do, as far as
 * they can be written into it ({@link ChainText}). What is below has to be wired already.
 */
export class ChannelCompiler {
  /** By text: subtasks that do the same share it. */
  private readonly compiled = new Map<string, MakeChannel>();

  make(gate: InputGate, end: ChannelEnd): Channel {
    const chain = new ChainText(true);
    const single = new ChainText(false);
    const collect = chain.of(end, 'this', 'value', 'timestamp');
    const step = single.of(end, 'this', 'value', 'timestamp');
    const names = new Map([...chain.names, ...single.names]);
    const text = `'use strict';
${[...names.keys()].map((name, i) => `const ${name} = values[${i}];`).join(' ')}
return new (class CompiledChannel extends Channel {
  collect(value, timestamp) {
    ${collect}
  }
  step(value, timestamp) {
    ${step}
  }
})(gate);`;
    let make = this.compiled.get(text);
    if (make === undefined) {
      make = new Function('Channel', 'gate', 'values', `${text}\n${nameOfText('channel')}`) as MakeChannel;
      this.compiled.set(text, make);
    }
    const channel = make(Channel, gate, [...names.values()]);
    makeChainable(channel, end);
    return channel;
  }
}

/** What tells a loop that its job wants to do something else. */
export interface Interruptible {
  readonly interrupted: boolean;
}

/** Gives elements to an output, from one on until before another. @returns how far it came before it was interrupted */
export type Feed = (
  values: readonly unknown[],
  timestamps: readonly number[] | undefined,
  from: number,
  to: number,
  loop: Interruptible,
) => number;

/** Compiles a source's loop over elements: one of its own, for the reason why channels have their own `collect`. */
export function compileFeed(output: Output<unknown>): Feed {
  const text = `'use strict';
return (values, timestamps, from, to, loop) => {
  let i = from;
  if (timestamps === undefined) {
    while (i < to && !loop.interrupted) output.collect(values[i++], none);
  } else {
    while (i < to && !loop.interrupted) {
      output.collect(values[i], timestamps[i]);
      i++;
    }
  }
  return i;
};
${nameOfText('feed')}`;
  return new Function('output', 'none', text)(output, NO_TIMESTAMP) as Feed;
}

const nameOfText = (kind: string): string => `//# sourceURL=streambook:generated/${kind}-${serial++}`;
