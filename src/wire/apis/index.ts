import { heartbeat } from './heartbeat.js';

/** Every API that the wire speaks, by Kafka's name. */
export const apis = {
  Heartbeat: heartbeat,
} as const;
