import { type StateDescriptor, ValueStateDescriptor } from '../../state/descriptors.js';

/** Lets a state of a table program live as long as `table.exec.state.ttl` says; 0: for ever. */
export function withTtl<D extends StateDescriptor>(descriptor: D, stateTtlMs: number): D {
  return stateTtlMs > 0 ? descriptor.enableTimeToLive({ ttlMs: stateTtlMs }) : descriptor;
}

/** A value per key that lives as long as `table.exec.state.ttl` says. */
export function valueDescriptor<T>(name: string, stateTtlMs: number): ValueStateDescriptor<T> {
  return withTtl(new ValueStateDescriptor<T>(name), stateTtlMs);
}
