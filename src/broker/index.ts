/* A Kafka-protocol broker in this process. What is not named here is internal. */
export { startBroker } from './broker.js';
export type { Broker, NewTopicOptions } from './contract.js';
export type { BrokerEvent, OnEvent } from './events.js';
export type { BrokerOptions, ListeningAt } from './options.js';
