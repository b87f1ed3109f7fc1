import type { KafkaErrorName } from '../../wire/error-codes.js';
import { ZERO_UUID } from '../../wire/schema.js';
import type { Topic, Topics } from '../topics/topics.js';

/** A topic that a request names: by name in older versions, by id in newer ones. */
export function findTopic(topics: Topics, name: string | null, id: string): Topic | undefined {
  return name !== null && name !== '' ? topics.get(name) : topics.withId(id);
}

/** What a client is told of a topic that is not there. */
export function missingTopic(name: string | null, id: string): KafkaErrorName {
  return (name === null || name === '') && id !== ZERO_UUID ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION';
}
