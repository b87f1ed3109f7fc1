import { MalformedFrameError } from './errors.js';
import type { ReadContext } from './reader.js';
import { Reader } from './reader.js';
import type { Api, UnknownTag } from './schema.js';
import type { Writer } from './writer.js';

/** What every request begins with. */
export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  /** `null` when the client gave none. */
  readonly clientId: string | null;
  /** Where the body begins in the frame. */
  readonly bodyOffset: number;
  readonly unknownTags?: UnknownTag[];
}

const context: ReadContext = {
  api: undefined,
  version: 0,
  direction: 'header',
  sites: ['apiKey', 'apiVersion', 'correlationId', 'clientId', 'tagged fields'],
};

export function isFlexible(api: Api, version: number): boolean {
  return api.flexible !== undefined && version >= api.flexible;
}

/** Response headers carry tags in flexible versions, except in ApiVersions, which a client must read before it knows the broker. */
export function responseHeaderHasTags(api: Api, version: number): boolean {
  return api.name !== 'ApiVersions' && isFlexible(api, version);
}

/**
 * Reads a request's header: version 1 or, for a flexible version of a known API, version 2. Any API and version is read, so
 * that an unsupported one can be answered.
 *
 * @param frame the bytes after the length prefix
 * @throws MalformedFrameError
 */
export function decodeRequestHeader(frame: Buffer, apiOf: (apiKey: number) => Api | undefined): RequestHeader {
  if (frame.length < 8) {
    throw new MalformedFrameError(`${frame.length} bytes are too few for a request header`, { offset: 0 });
  }
  const reader = new Reader(frame, 0, context);
  const apiKey = reader.int16(0);
  const apiVersion = reader.int16(1);
  const correlationId = reader.int32(2);
  const clientId = reader.nullableString(3);
  const api = apiOf(apiKey);
  // A version we do not know may have tags or not: whoever answers it needs no body.
  const known = api !== undefined && apiVersion <= api.versions[1];
  let unknownTags: UnknownTag[] | undefined;
  if (known && isFlexible(api, apiVersion)) unknownTags = readTags(reader);
  const header = { apiKey, apiVersion, correlationId, clientId, bodyOffset: reader.pos };
  return unknownTags === undefined ? header : { ...header, unknownTags };
}

/** Reads the tags of a header; nothing of what Kafka puts there has a name yet. */
export function readTags(reader: Reader): UnknownTag[] | undefined {
  let tags: UnknownTag[] | undefined;
  for (let left = reader.unsignedVarint(4); left > 0; left--) {
    const tag = reader.unsignedVarint(4);
    tags = reader.unknownTag(tags, tag, reader.unsignedVarint(4), 4);
  }
  return tags;
}

export function writeTags(writer: Writer, tags: readonly UnknownTag[] = []): void {
  writer.unsignedVarint(tags.length);
  for (const { tag, data } of tags) writer.tagged(tag, data);
}
