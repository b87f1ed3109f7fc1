import { type KeyId, keyOfId } from '../../core/keys.js';
import type { Channel, InputGate } from '../channels/channel.js';
import type { Output } from '../channels/output.js';
import type { ElementReceiver, KeyedReceiver, Operator } from '../operator.js';
import type { OperatorContext } from '../operator-context.js';
import type { InternalTimerService } from '../time/timer-service.js';
import type { WindowHost } from '../windows/host.js';
import { TimeWindow, type Window } from '../windows/window.js';
import type { Trace, TraceEvent, TraceKind } from './trace.js';

// With tracing on, the methods of single objects are replaced by ones that tell and then do the same. With tracing off,
// nothing is asked anywhere.

/** An event of an operator. */
export function note(
  context: OperatorContext,
  trace: Trace,
  kind: TraceKind,
  more: Partial<Omit<TraceEvent, 'kind'>>,
): void {
  trace.add({ operator: context.name, subtask: context.subtask, kind, ...more });
}

/** The bounds of a window, for an event. */
export function boundsOf(window: unknown): { window?: { start: number; end: number } } {
  return window instanceof TimeWindow ? { window: { start: window.start, end: window.end } } : {};
}

/** Elements as they come in. */
export function traceChannel(
  channel: Channel,
  context: OperatorContext,
  trace: Trace,
  key: ((value: unknown) => unknown) | undefined,
): void {
  const collect = channel.collect.bind(channel);
  channel.collect = (value, timestamp) => {
    note(context, trace, 'element', { value, timestamp, ...(key === undefined ? {} : { key: key(value) }) });
    collect(value, timestamp);
  };
}

/** Watermarks and idleness of an input. */
export function traceGate(gate: InputGate, trace: Trace): void {
  const { context } = gate;
  const onWatermark = gate.onWatermark.bind(gate);
  const onStatus = gate.onStatus.bind(gate);
  const input = gate.index === 0 ? {} : { detail: { input: gate.index + 1 } };
  gate.onWatermark = (watermark) => {
    note(context, trace, 'watermark', { watermark, ...input });
    onWatermark(watermark);
  };
  gate.onStatus = (idle) => {
    note(context, trace, idle ? 'idle' : 'active', input);
    onStatus(idle);
  };
}

/** Timers as they are set and fire. */
export function traceTimers<N>(service: InternalTimerService<N>, context: OperatorContext, trace: Trace): void {
  const { backend } = service;
  const tell = (kind: TraceKind, timestamp: number, namespace: N, domain: string): void =>
    note(context, trace, kind, {
      key: keyOfId(backend.keyId),
      timestamp,
      ...boundsOf(namespace),
      detail: { domain, timers: service.name },
    });
  const eventTime = service.registerEventTimeTimer.bind(service);
  const processingTime = service.registerProcessingTimeTimer.bind(service);
  service.registerEventTimeTimer = (id, namespace, timestamp) => {
    tell('timer-set', timestamp, namespace, 'EVENT_TIME');
    eventTime(id, namespace, timestamp);
  };
  service.registerProcessingTimeTimer = (id, namespace, timestamp) => {
    tell('timer-set', timestamp, namespace, 'PROCESSING_TIME');
    processingTime(id, namespace, timestamp);
  };
  const { target } = service;
  service.target = {
    onEventTime: (timestamp, namespace) => {
      tell('timer-fired', timestamp, namespace, 'EVENT_TIME');
      target.onEventTime(timestamp, namespace);
    },
    onProcessingTime: (timestamp, namespace) => {
      tell('timer-fired', timestamp, namespace, 'PROCESSING_TIME');
      target.onProcessingTime(timestamp, namespace);
    },
  };
}

/** A rolling operator, which keeps its values in cells of its own: what it puts out is what it has written. */
export function traceRolling(
  operator: Operator<never, unknown>,
  state: string,
  trace: Trace,
  read: (key: KeyId) => unknown,
): void {
  const { context, output } = operator;
  let current: KeyId;
  const traced: Output<unknown> = {
    collect: (value, timestamp) => {
      note(context, trace, 'state-written', { key: keyOfId(current), value, timestamp, detail: { state } });
      output.collect(value, timestamp);
    },
    emitWatermark: (watermark) => output.emitWatermark(watermark),
    emitStatus: (idle) => output.emitStatus(idle),
    emitLatency: (bornAt) => output.emitLatency(bornAt),
    end: () => output.end(),
  };
  operator.output = traced;
  const before = (key: KeyId, timestamp: number): void => {
    current = key;
    note(context, trace, 'state-read', { key: keyOfId(key), value: read(key), timestamp, detail: { state } });
  };
  const receiver = operator as unknown as { processKeyed?: KeyedReceiver['processKeyed'] } & ElementReceiver;
  const { processKeyed, processElement } = receiver;
  if (processKeyed !== undefined) {
    receiver.processKeyed = (value, timestamp, key) => {
      before(key, timestamp);
      processKeyed.call(operator, value, timestamp, key);
    };
  } else {
    receiver.processElement = (value, timestamp) => {
      before(context.keyed().keyId, timestamp);
      processElement.call(operator, value, timestamp);
    };
  }
}

/** Windows as they are computed. */
export function traceWindows(host: WindowHost, context: OperatorContext, trace: Trace): void {
  const emit = host.emit.bind(host);
  host.emit = (window: Window, elements) => {
    const key = context.keyed().currentKey;
    note(context, trace, 'fired', { key, ...boundsOf(window), timestamp: window.maxTimestamp(), value: elements });
    emit(window, elements);
  };
}
