import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  apis,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  encodeResponseParts,
  MalformedFrameError,
  UnsupportedVersionError,
} from '../../src/wire/index.js';
import type { Api } from '../../src/wire/schema.js';
import { bodyArbitrary, messages } from './body-arbitrary.js';

const refuse = { trailing: 'refuse' } as const;

function frameOf(parts: Buffer[]): Buffer {
  return Buffer.concat(parts).subarray(4);
}

describe('random bodies come back as they went', () => {
  test.each(Object.values(apis) as Api[])('$name', (api) => {
    for (const { version, direction } of messages({ api })) {
      const flexible = api.flexible !== undefined && version >= api.flexible;
      const tags = fc.option(
        fc.uniqueArray(
          fc.record({ tag: fc.integer({ min: 100, max: 2 ** 32 - 1 }), data: fc.uint8Array({ maxLength: 9 }) }),
          {
            minLength: 1,
            maxLength: 3,
            selector: ({ tag }) => tag,
          },
        ),
        { nil: undefined, freq: 1 },
      );
      const arbitrary = fc.tuple(
        bodyArbitrary(api[direction], version, flexible),
        flexible ? tags : fc.constant(undefined),
      );
      fc.assert(
        fc.property(arbitrary, fc.integer(), ([fields, unknown], correlationId) => {
          const unknownTags = unknown
            ?.map(({ tag, data }) => ({ tag, data: Buffer.from(data) }))
            .sort((a, b) => a.tag - b.tag);
          const body = unknownTags === undefined ? fields : { ...fields, unknownTags };
          if (direction === 'request') {
            const frame = frameOf(encodeRequest(api.key, version, { correlationId, clientId: 'me' }, body));
            const decoded = decodeRequest(frame, refuse);
            expect(decoded).toMatchObject({ apiKey: api.key, apiVersion: version, correlationId, clientId: 'me' });
            expect(decoded.body).toEqual(body);
          } else {
            // Error 35 makes the answer to ApiVersions one of version 0.
            if (api.name === 'ApiVersions' && body.errorCode === 35) return;
            const frame = frameOf(encodeResponse(api.key, version, correlationId, body));
            const decoded = decodeResponse(api.key, version, frame, refuse);
            expect(decoded).toEqual({ correlationId, body });
          }
        }),
        { numRuns: 15 },
      );
    }
  });
});

describe('versions', () => {
  test('a version outside the schema is refused in both directions', () => {
    expect(() => encodeResponse('Produce', 2, 1, { responses: [] })).toThrow(UnsupportedVersionError);
    expect(() => encodeResponse('Produce', 14, 1, { responses: [] })).toThrow('versions 3 to 13');
    const frame = Buffer.alloc(20);
    frame.writeInt16BE(0, 0);
    frame.writeInt16BE(99, 2);
    expect(() => decodeRequest(frame)).toThrow(UnsupportedVersionError);
    frame.writeInt16BE(999, 0);
    expect(() => decodeRequest(frame)).toThrow(UnsupportedVersionError);
  });

  test('a value that a version cannot carry is refused, unless it may be ignored', () => {
    const group = { groupId: 'g', generationId: 1, memberId: 'm' };
    const sender = { correlationId: 1 };
    expect(() => encodeRequest('Heartbeat', 2, sender, { ...group, groupInstanceId: 'i' })).toThrow(
      'Heartbeat v2 has no field groupInstanceId',
    );
    expect(() => encodeRequest('Heartbeat', 2, sender, { ...group, groupInstanceId: null })).not.toThrow();
    expect(() => encodeResponse('Heartbeat', 0, 1, { throttleTimeMs: 5, errorCode: 0 })).not.toThrow();
  });

  test('null where a version does not allow it names the field', () => {
    expect(() => encodeRequest('Metadata', 0, { correlationId: 1 }, { topics: null })).toThrow('topics cannot be null');
  });

  test('the answer to an ApiVersions request of an unknown version is read in the layout of version 0', () => {
    const frame = frameOf(
      encodeResponse('ApiVersions', 0, 9, { errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] }),
    );
    const { body } = decodeResponse('ApiVersions', 4, frame, refuse);
    expect(body.apiKeys).toEqual([{ apiKey: 18, minVersion: 0, maxVersion: 4 }]);
  });
});

describe('large fields are not copied', () => {
  const records = Buffer.alloc(1_000_000, 7);

  test('decoding gives views into the frame', () => {
    const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }];
    const parts = encodeRequest('Produce', 9, { correlationId: 1 }, { acks: -1, timeoutMs: 1, topicData });
    expect(parts).toContain(records);
    const frame = frameOf(parts);
    const request = decodeRequest(frame, refuse);
    if (request.apiName !== 'Produce') throw new Error('not reached');
    const decoded = request.body.topicData[0]!.partitionData[0]!.records!;
    expect(decoded.equals(records)).toBe(true);
    expect(decoded.buffer).toBe(frame.buffer);
  });

  test('encoding passes buffers, lists of buffers and regions through', () => {
    const region = { byteLength: 5000, file: 'a segment' };
    const second = Buffer.alloc(8192, 9);
    const partition = (value: object) => ({
      partitionIndex: 0,
      errorCode: 0,
      highWatermark: 0,
      records: value as Buffer,
    });
    const body = {
      responses: [{ topic: 't', partitions: [partition(records), partition([second, records, region])] }],
    };
    const parts = encodeResponseParts('Fetch', 11, 1, body);
    expect(parts.filter((part) => part === records)).toHaveLength(2);
    expect(parts).toContain(second);
    expect(parts).toContain(region);
    const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
    expect((parts[0] as Buffer).readInt32BE(0)).toBe(size - 4);
    expect(() => encodeResponse('Fetch', 11, 1, body)).toThrow('encodeResponseParts');
  });
});

describe('malformed frames', () => {
  const good = frameOf(
    encodeRequest(
      'Produce',
      3,
      { correlationId: 1, clientId: 'c' },
      {
        acks: 1,
        timeoutMs: 1,
        topicData: [{ name: 'topic', partitionData: [{ index: 3, records: Buffer.from('12345') }] }],
      },
    ),
  );

  test('every truncation is an error that says where', () => {
    for (let length = 0; length < good.length; length++) {
      expect(() => decodeRequest(good.subarray(0, length))).toThrow(MalformedFrameError);
    }
    try {
      decodeRequest(good.subarray(0, good.length - 1));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        api: 'Produce',
        version: 3,
        field: 'topicData[].partitionData[].records',
        offset: good.length - 5,
      });
      expect((error as Error).message).toContain('malformed Produce v3 request: 5 bytes wanted, 4 left');
    }
  });

  test('a huge count or length is refused before anything is allocated', () => {
    const count = Buffer.from(good);
    count.writeInt32BE(0x7fffffff, 11 + 2 + 2 + 4);
    expect(() => decodeRequest(count)).toThrow('2147483647 elements of 6 bytes or more');
    const length = Buffer.from(good);
    length.writeInt32BE(0x7fffffff, good.length - 9);
    expect(() => decodeRequest(length)).toThrow('2147483647 bytes wanted, 5 left');
    length.writeInt32BE(-2, good.length - 9);
    expect(() => decodeRequest(length)).toThrow('negative length -2');
  });

  test('null where a value must be', () => {
    const name = Buffer.from(good);
    name.writeInt16BE(-1, 11 + 2 + 2 + 4 + 4);
    expect(() => decodeRequest(name)).toThrow('null where a value must be');
  });

  test('the number of array elements in a frame is limited', () => {
    const topics = Array.from({ length: 1000 }, (_, i) => ({ name: `t${i}` }));
    const frame = frameOf(encodeRequest('Metadata', 5, { correlationId: 1 }, { topics }));
    expect(() => decodeRequest(frame, { maxElements: 999 })).toThrow('limit');
    expect(decodeRequest(frame, { maxElements: 1000 }).correlationId).toBe(1);
  });

  test('so is the number of unknown tagged fields', () => {
    const unknownTags = Array.from({ length: 100 }, (_, i) => ({ tag: 1000 + i, data: Buffer.alloc(0) }));
    const frame = frameOf(encodeResponse('ListGroups', 3, 1, { errorCode: 0, groups: [], unknownTags }));
    expect(() => decodeResponse('ListGroups', 3, frame, { maxElements: 999 })).toThrow('more tagged fields');
    expect(decodeResponse('ListGroups', 3, frame).body.unknownTags).toEqual(unknownTags);
  });

  test('bytes after the last field are kept or refused, as asked', () => {
    const longer = Buffer.concat([good, Buffer.from('xyz')]);
    expect(decodeRequest(longer).trailing?.toString()).toBe('xyz');
    expect(() => decodeRequest(longer, refuse)).toThrow('3 bytes after the last field');
  });

  test('a tagged field may not read beyond its own size', () => {
    // ApiVersions v3 response: tag 1 (int64) with a size of 4.
    const frame = Buffer.from([0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(() => decodeResponse('ApiVersions', 3, frame)).toThrow('8 bytes wanted, 4 left');
  });
});
