import { expect, test } from 'vitest';
import { decode, encode, newHeader, toJson } from '../../../src/kernel/transport/messages.js';

const frames = (key: string) => {
  const message = {
    channel: 'shell' as const,
    identities: [Buffer.from([0, 255, 1])],
    header: newHeader('execute_request'),
    parent: undefined,
    content: toJson({ code: 'ä 😀' }),
  };
  return encode(key, message).map((part) => Buffer.from(part));
};

test.each(['', 'a key'])('what is encoded is decoded, key %j', (key) => {
  const request = decode(key, 'shell', frames(key));
  expect(request.header.msg_type).toBe('execute_request');
  expect(request.content).toEqual({ code: 'ä 😀' });
  expect(request.identities.map((each) => [...each])).toEqual([[0, 255, 1]]);
});

test('a message that is not signed with our key is refused', () => {
  expect(() => decode('ours', 'shell', frames('theirs'))).toThrow('signature');
  const tampered = frames('ours');
  tampered[6] = Buffer.from('{"code":"evil"}');
  expect(() => decode('ours', 'shell', tampered)).toThrow('signature');
});

test('frames that are no message are refused', () => {
  expect(() => decode('k', 'shell', [])).toThrow('not a Jupyter message');
  expect(() => decode('k', 'shell', [Buffer.from('x')])).toThrow('not a Jupyter message');
  expect(() => decode('k', 'shell', frames('k').slice(0, 4))).toThrow('not a Jupyter message');
});

test('a bigint is a number as long as it is exact', () => {
  expect(toJson({ a: 5n, b: 2n ** 60n })).toBe('{"a":5,"b":"1152921504606846976"}');
});
