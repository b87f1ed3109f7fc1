import type { Group } from './group.js';

/**
 * Whether a member of a group of consumers reads a topic. Members say so in what they hand to their leader; who says it in
 * a way that we do not know may read anything.
 *
 * @see Kafka: ConsumerProtocolSubscription.json
 */
export function isSubscribed(group: Group, topic: string): boolean {
  for (const member of group.members.values()) {
    const topics = topicsOf(member.metadataFor(group.protocolName));
    if (topics === undefined || topics.includes(topic)) return true;
  }
  return false;
}

/** Version, then an array of names; what comes after it differs. */
function topicsOf(metadata: Buffer): string[] | undefined {
  try {
    const topics: string[] = [];
    let at = 6;
    for (let left = metadata.readInt32BE(2); left > 0; left--) {
      const length = metadata.readInt16BE(at);
      if (length < 0 || at + 2 + length > metadata.length) return undefined;
      topics.push(metadata.toString('utf8', at + 2, at + 2 + length));
      at += 2 + length;
    }
    return topics;
  } catch {
    return undefined;
  }
}
