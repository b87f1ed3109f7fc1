import { KafkaError } from '../kafka-error.js';

const MAX_LENGTH = 249;

/**
 * Refuses what Kafka does not take as a topic's name.
 *
 * @throws KafkaError INVALID_TOPIC_EXCEPTION
 * @see Kafka: `org.apache.kafka.common.internals.Topic.validate`
 */
export function checkTopicName(name: string): void {
  const refuse = (why: string): never => {
    throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic name is invalid: ${why}`);
  };
  if (name === '') refuse('the empty string is not allowed');
  if (name === '.' || name === '..') refuse(`'${name}' is not allowed`);
  if (name.length > MAX_LENGTH) refuse(`'${name}' is longer than ${MAX_LENGTH} characters`);
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    refuse(`'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`);
  }
}

/** The same for two names that would be one metric's name in Kafka, which therefore refuses the second of them. */
export function collisionKey(name: string): string {
  return name.replaceAll('.', '_');
}

/** Device names that Windows takes for a device even with an ending: `con.orders`. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The name of a topic's folders, without the partition: the topic's own name, unless some file system would mix it up
 * with a device or with another topic's (`Orders` and `orders` are one folder on Windows and macOS).
 *
 * @param taken the folder names of the other topics, in small letters
 * @param id the topic's id; what it adds cannot stand in a topic's name
 */
export function folderNameFor(name: string, id: string, taken: ReadonlySet<string>): string {
  const clashes = DEVICE.test(name) || taken.has(name.toLowerCase());
  return clashes ? `${name.slice(0, 200)}~${Buffer.from(id).toString('hex').slice(0, 16)}` : name;
}
