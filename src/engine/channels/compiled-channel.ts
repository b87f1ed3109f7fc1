import { givenKeyIdOf, keyIdOf, NO_KEY } from '../../core/keys.js';
import type { ElementReceiver, KeyedReceiver } from '../operator.js';
import { Channel, type InputGate } from './channel.js';

/** The key of an element, where the input has one. */
type KeyFunction = (value: unknown) => unknown;

/** Makes the channels of one edge. */
export type ChannelMaker = (gate: InputGate, receiver: ElementReceiver, key: KeyFunction | undefined) => Channel;

// V8 shares compiled code, and what it has learnt about calls, between functions of the same text.
let serial = 0;

/**
 * Compiles the channels of one edge: a `collect` of their own, so that the calls in it (the key selector, the operator
 * below) lead to one place each and can be compiled into one another, however many other jobs have run in this process.
 * With one class for all channels the same calls led everywhere.
 *
 * It counts what passes, sets or hands over the key, and names who fails. An operator that takes its key with the element
 * looks after `draining` itself.
 *
 * @param beside the input has no key, and another of the operator's does: state and timers must not be taken for those of the
 *   key that was current last
 */
export function compileChannels(
  receiver: ElementReceiver,
  keyed: boolean,
  nullKeys = false,
  beside = false,
): ChannelMaker {
  const direct = keyed && isKeyedReceiver(receiver);
  const setKey = keyed && !direct ? 'backend.keyId = id;' : beside ? 'backend.keyId = noKey;' : '';
  const receive = direct
    ? 'receiver.processKeyed(value, timestamp, id);'
    : `${setKey} receiver.processElement(value, timestamp);`;
  const text = `'use strict';
class CompiledChannel extends Channel {
  collect(value, timestamp) {
    this.count++;
    try {
      ${direct ? '' : 'if (context.draining) context.completeDrain();'}
      ${keyed ? KEY : ''}
      ${receive}
    } catch (error) {
      context.elementFailed(value, timestamp, error);
    }
  }
}
return new CompiledChannel(gate);
//# sourceURL=streambook:generated/channel-${serial++}`;
  const make = new Function('Channel', 'gate', 'context', 'receiver', 'select', 'backend', 'keyIdOf', 'noKey', text);
  return (gate, into, key) => {
    const { context } = gate;
    const backend = keyed || beside ? context.keyed() : undefined;
    return make(Channel, gate, context, into, key, backend, nullKeys ? keyIdOf : givenKeyIdOf, NO_KEY) as Channel;
  };
}

// Most keys are strings, and their own ids.
const KEY = `const key = select(value);
      const id = typeof key === 'string' && key.charCodeAt(0) !== 0 ? key : keyIdOf(key);`;

function isKeyedReceiver(receiver: object): receiver is KeyedReceiver {
  return 'processKeyed' in receiver;
}
