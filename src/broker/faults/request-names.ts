import type { Topics } from '../topics/topics.js';

/** The names of the topics in a request, whatever API it is of. */
export function topicsIn(body: object, topics: Topics): string[] {
  const names = new Set<string>();
  collect(body, topics, names);
  return [...names];
}

const LISTS = ['topics', 'topicData', 'topicNames', 'v3AndBelowTopics', 'groups', 'transactions', 'topicPartitions'];

function collect(body: object, topics: Topics, into: Set<string>): void {
  for (const list of LISTS) {
    const items = (body as Record<string, unknown>)[list];
    if (!Array.isArray(items)) continue;
    for (const item of items as unknown[]) {
      // DescribeGroups lists its groups as plain names.
      if (typeof item === 'string' && list !== 'groups') into.add(item);
      if (typeof item !== 'object' || item === null) continue;
      const { name, topic, topicId, groupId, transactionalId } = item as Record<string, unknown>;
      if (groupId !== undefined || transactionalId !== undefined) collect(item, topics, into);
      const named = [name, topic].find((text) => typeof text === 'string' && text !== '');
      const found = named ?? (typeof topicId === 'string' ? topics.withId(topicId)?.name : undefined);
      if (typeof found === 'string') into.add(found);
    }
  }
}

/** The group that a request is about. */
export function groupIn(body: object): string | undefined {
  const { groupId, keyType, key } = body as Record<string, unknown>;
  if (typeof groupId === 'string' && groupId !== '') return groupId;
  return keyType === 0 && typeof key === 'string' && key !== '' ? key : undefined;
}
