/* A Kafka-protocol broker in this process. What is not named here is internal. */
export { type Broker, type NewTopicOptions, startBroker } from './broker.js';
export type { BrokerEvent, OnEvent } from './events.js';
export type { BrokerOptions } from './options.js';
