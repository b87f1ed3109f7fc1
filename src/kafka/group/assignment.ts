import type * as KafkaJs from 'kafkajs';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Names under which members of a group agree on how partitions are shared out: kafkajs's and the Java client's. The
 * leader shares out as it likes under any of them, so one group can hold all three kinds of members.
 */
const PROTOCOLS = ['RoundRobinAssigner', 'range', 'roundrobin'];

type Codec = typeof KafkaJs.AssignerProtocol;

/** What a member says when it joins: the topics it wants, under each protocol it takes part in. */
export function subscription(codec: Codec, topics: readonly string[]): { name: string; metadata: Buffer }[] {
  const metadata = codec.MemberMetadata.encode({ version: 0, topics: [...topics], userData: Buffer.alloc(0) });
  return PROTOCOLS.map((name) => ({ name, metadata }));
}

/**
 * Shares out every partition of the members' topics, in turn, each topic among those who asked for it.
 *
 * @param partitionsOf the partition ids of a topic
 */
export function shareOut(
  codec: Codec,
  members: readonly { memberId: string; memberMetadata: Buffer }[],
  partitionsOf: (topic: string) => readonly number[],
): { memberId: string; memberAssignment: Buffer }[] {
  const wants = new Map<string, string[]>();
  for (const { memberId, memberMetadata } of [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))) {
    for (const topic of codec.MemberMetadata.decode(memberMetadata)?.topics ?? []) {
      const list = wants.get(topic);
      if (list) list.push(memberId);
      else wants.set(topic, [memberId]);
    }
  }
  const shares = new Map(members.map(({ memberId }) => [memberId, {} as Record<string, number[]>]));
  let turn = 0;
  for (const topic of [...wants.keys()].sort()) {
    const takers = wants.get(topic)!;
    for (const partition of partitionsOf(topic)) {
      const share = shares.get(takers[turn++ % takers.length]!)!;
      share[topic] = [...(share[topic] ?? []), partition];
    }
  }
  return [...shares].map(([memberId, assignment]) => ({
    memberId,
    memberAssignment: codec.MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) }),
  }));
}

/** The partitions a member was given. Members left without any may get no bytes at all. */
export function givenTo(codec: Codec, memberAssignment: Buffer): TopicPartition[] {
  const assignment =
    memberAssignment.length === 0 ? {} : (codec.MemberAssignment.decode(memberAssignment)?.assignment ?? {});
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
