/* A Kafka-protocol broker in this process. What is not named here is internal. */
export { startBroker } from './broker.js';
export type { Broker, NewTopicOptions } from './contract.js';
export type { BrokerEvent, OnEvent } from './events.js';
export type {
  DelayFault,
  DropFault,
  ErrorFault,
  Fault,
  FaultRequest,
  FaultTarget,
  InjectedFault,
  LoseAnswerFault,
  RefuseFault,
} from './faults/fault.js';
export type {
  ApiMetrics,
  BrokerMetrics,
  ClientMetrics,
  GroupMetrics,
  LagMetrics,
  LatencyMetrics,
  PartitionMetrics,
  RecordTraffic,
  TopicMetrics,
} from './metrics/metrics.js';
export type { BrokerOptions, ListeningAt } from './options.js';
export type { SaslMechanism } from './security/mechanisms.js';
export type { SaslOptions, TlsOptions } from './security/options.js';
export { userLines } from './user-lines.js';
