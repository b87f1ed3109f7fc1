import { AssignerProtocol } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { givenTo, shareOut, subscription } from '../../../src/kafka/group/assignment.js';

const partitions: Record<string, number[]> = { a: [0, 1, 2, 3, 4], b: [0, 1] };
const member = (memberId: string, ...topics: string[]) => ({
  memberId,
  memberMetadata: subscription(AssignerProtocol, topics)[0]!.metadata,
});

function shares(...members: ReturnType<typeof member>[]) {
  const given = shareOut(AssignerProtocol, members, (topic) => partitions[topic] ?? []);
  return Object.fromEntries(given.map((one) => [one.memberId, givenTo(AssignerProtocol, one.memberAssignment)]));
}

describe('shareOut', () => {
  it('gives every partition to one member, evenly', () => {
    const result = shares(member('y', 'a', 'b'), member('x', 'a', 'b'), member('z', 'a', 'b'));
    const all = Object.values(result).flat();
    expect(all).toHaveLength(7);
    expect(new Set(all.map((tp) => `${tp.topic}${tp.partition}`)).size).toBe(7);
    expect(
      Object.values(result)
        .map((list) => list.length)
        .sort(),
    ).toEqual([2, 2, 3]);
  });

  it('gives a topic only to those who asked for it', () => {
    const result = shares(member('x', 'a'), member('y', 'b'));
    expect(result.x!.map((tp) => tp.topic)).toEqual(['a', 'a', 'a', 'a', 'a']);
    expect(result.y!.map((tp) => tp.topic)).toEqual(['b', 'b']);
  });

  it('leaves members without anything, and reads that they have nothing', () => {
    const result = shares(member('x', 'b'), member('y', 'b'), member('z', 'b'));
    expect(Object.values(result).map((list) => list.length)).toEqual([1, 1, 0]);
    expect(givenTo(AssignerProtocol, Buffer.alloc(0))).toEqual([]);
  });
});
