import { ArgumentError } from '../core/errors.js';
import type { ApiName, Decoder, RequestBody, RequestInput, ResponseBody, ResponseInput } from './codec.js';
import { apiByKey, checkBody, decoderOf, encoderOf, supportedApi } from './codec.js';
import { MalformedFrameError } from './errors.js';
import type { RequestHeader } from './header.js';
import {
  decodeRequestHeader as decodeHeader,
  isFlexible,
  readTags,
  responseHeaderHasTags,
  writeTags,
} from './header.js';
import { Reader } from './reader.js';
import type { UnknownTag } from './schema.js';
import type { Part } from './writer.js';
import { Writer } from './writer.js';

/** How strictly a frame is decoded. */
export interface DecodeOptions {
  /** Elements that all arrays of one frame may hold together. Default 1,000,000. */
  readonly maxElements?: number;
  /**
   * What to do with bytes after the last field. Kafka passes over them, and librdkafka 2.16 does send three too many when
   * it asks for the metadata of all topics. Default `keep`: they are handed over beside the body.
   */
  readonly trailing?: 'keep' | 'refuse';
}

/** A request: its header, and the body of the API that `apiName` tells. Switch on `apiName` and TypeScript knows the body. */
export type Request = {
  [N in ApiName]: RequestHeader & {
    readonly apiName: N;
    readonly body: RequestBody<N>;
    /** Bytes after the last field, if there are any. */
    readonly trailing?: Buffer;
  };
}[ApiName];

/** A response with its header. */
export interface Response<Body> {
  readonly correlationId: number;
  readonly body: Body;
  /** Tags of the header that nobody has named yet. */
  readonly unknownTags?: UnknownTag[];
  /** Bytes after the last field, if there are any. */
  readonly trailing?: Buffer;
}

/**
 * Reads a request's header only, of any API and version, known or not.
 *
 * @param frame the bytes after the length prefix
 * @throws MalformedFrameError
 */
export function decodeRequestHeader(frame: Buffer): RequestHeader {
  return decodeHeader(frame, apiByKey);
}

/**
 * Reads the body of a request whose header was read before. Byte fields are views into `frame`.
 *
 * @throws MalformedFrameError, UnsupportedVersionError
 */
export function decodeRequestBody<N extends ApiName>(
  frame: Buffer,
  header: RequestHeader,
  options: DecodeOptions = {},
): RequestBody<N> {
  const api = supportedApi(header.apiKey, header.apiVersion);
  return readBody(frame, header.bodyOffset, decoderOf(api, header.apiVersion, 'request'), options)
    .body as RequestBody<N>;
}

/**
 * Reads a request, header and body.
 *
 * @param frame the bytes after the length prefix; byte fields of the body are views into it
 * @throws MalformedFrameError when the bytes are not what the API and version demand
 * @throws UnsupportedVersionError for an API or version that the schema does not have: see `decodeRequestHeader`
 * @example
 *   const request = decodeRequest(frame);
 *   if (request.apiName === 'Produce') store(request.body.topicData);
 */
export function decodeRequest(frame: Buffer, options: DecodeOptions = {}): Request {
  const header = decodeRequestHeader(frame);
  const api = supportedApi(header.apiKey, header.apiVersion);
  const read = readBody(frame, header.bodyOffset, decoderOf(api, header.apiVersion, 'request'), options);
  return { ...header, apiName: api.name, ...read } as Request;
}

/**
 * Encodes a response, length prefix included, as a list of buffers for `writev`. Records and large byte fields are passed
 * on, not copied: they must not change until they are sent.
 *
 * @param api the API's name (the body is then checked by its types) or number
 * @throws UnsupportedVersionError for a version, or a non-default value in a field, that the schema does not have
 * @example for (const part of encodeResponse('Heartbeat', 3, 7, { errorCode: 0 })) socket.write(part);
 */
export function encodeResponse<N extends ApiName>(
  api: N,
  version: number,
  correlationId: number,
  body: ResponseInput<N>,
): Buffer[];
export function encodeResponse(api: number, version: number, correlationId: number, body: object): Buffer[];
export function encodeResponse(api: ApiName | number, version: number, correlationId: number, body: object): Buffer[] {
  return buffersOnly(encodeResponseParts(api as number, version, correlationId, body));
}

/** The same where the body holds regions, which come out in their place for the caller to fill from a file. */
export function encodeResponseParts<N extends ApiName>(
  api: N,
  version: number,
  correlationId: number,
  body: ResponseInput<N>,
): Part[];
export function encodeResponseParts(api: number, version: number, correlationId: number, body: object): Part[];
export function encodeResponseParts(
  nameOrKey: ApiName | number,
  version: number,
  correlationId: number,
  body: object,
): Part[] {
  checkBody(body);
  const api = supportedApi(nameOrKey, version);
  const { encode, context } = encoderOf(api, version, 'response');
  const writer = new Writer(context);
  writer.int32(0, 0);
  writer.int32(correlationId, 0);
  if (responseHeaderHasTags(api, version)) writer.unsignedVarint(0);
  encode(writer, body);
  return withLength(writer);
}

/** Who sends a request. */
export interface RequestSender {
  readonly correlationId: number;
  /** Default: none. */
  readonly clientId?: string | null;
  readonly unknownTags?: readonly UnknownTag[] | undefined;
  /** Bytes to send after the last field, against the protocol: to repeat what a client did. */
  readonly trailing?: Uint8Array | undefined;
}

/**
 * Encodes a request, length prefix included, as a list of buffers.
 *
 * @example encodeRequest('ApiVersions', 0, { correlationId: 1, clientId: 'test' }, {});
 */
export function encodeRequest<N extends ApiName>(
  api: N,
  version: number,
  sender: RequestSender,
  body: RequestInput<N>,
): Buffer[];
export function encodeRequest(api: number, version: number, sender: RequestSender, body: object): Buffer[];
export function encodeRequest(
  nameOrKey: ApiName | number,
  version: number,
  sender: RequestSender,
  body: object,
): Buffer[] {
  checkBody(body);
  const api = supportedApi(nameOrKey, version);
  const { encode, context } = encoderOf(api, version, 'request');
  const writer = new Writer(context);
  writer.int32(0, 0);
  writer.int16(api.key, 0);
  writer.int16(version, 0);
  writer.int32(sender.correlationId, 0);
  // Not compact in any version, so that a broker can read it before it knows the version.
  writer.nullableString(sender.clientId ?? null, 0);
  if (isFlexible(api, version)) writeTags(writer, sender.unknownTags);
  encode(writer, body);
  if (sender.trailing !== undefined) writer.raw(sender.trailing);
  return buffersOnly(withLength(writer));
}

const UNSUPPORTED_VERSION = 35;

/**
 * Reads the response to a request of the given API and version. A broker that does not know the version of an ApiVersions
 * request answers error 35 in the layout of version 0, and is read so.
 *
 * @param frame the bytes after the length prefix
 * @throws MalformedFrameError, UnsupportedVersionError
 */
export function decodeResponse<N extends ApiName>(
  api: N,
  version: number,
  frame: Buffer,
  options?: DecodeOptions,
): Response<ResponseBody<N>>;
export function decodeResponse(api: number, version: number, frame: Buffer, options?: DecodeOptions): Response<object>;
export function decodeResponse(
  nameOrKey: ApiName | number,
  version: number,
  frame: Buffer,
  options: DecodeOptions = {},
): Response<object> {
  const api = supportedApi(nameOrKey, version);
  const fallsBack = api.name === 'ApiVersions' && frame.length >= 6 && frame.readInt16BE(4) === UNSUPPORTED_VERSION;
  const decoder = decoderOf(api, fallsBack ? 0 : version, 'response');
  const header = new Reader(frame, 0, { ...decoder.context, direction: 'header', sites: headerSites });
  const correlationId = header.int32(0);
  const unknownTags = responseHeaderHasTags(api, version) ? readTags(header) : undefined;
  const read = readBody(frame, header.pos, decoder, options);
  return unknownTags === undefined ? { correlationId, ...read } : { correlationId, unknownTags, ...read };
}

const headerSites = ['correlationId', '', '', '', 'tagged fields'];

function readBody(
  frame: Buffer,
  start: number,
  { decode, context }: Decoder,
  options: DecodeOptions,
): { body: object; trailing?: Buffer } {
  const reader = new Reader(frame, start, context, options.maxElements);
  const body = decode(reader);
  if (reader.pos === reader.end) return { body };
  if (options.trailing === 'refuse') {
    const { api, version, direction } = context;
    const left = reader.end - reader.pos;
    throw new MalformedFrameError(`${left} bytes after the last field`, {
      api,
      version,
      direction,
      offset: reader.pos,
    });
  }
  return { body, trailing: frame.subarray(reader.pos) };
}

function withLength(writer: Writer): Part[] {
  const size = writer.byteLength - 4;
  if (size > 0x7fffffff) throw new ArgumentError(`a frame of ${size} bytes: 2147483647 is the most`);
  const parts = writer.finish();
  (parts[0] as Buffer).writeInt32BE(size, 0);
  return parts;
}

function buffersOnly(parts: Part[]): Buffer[] {
  for (const part of parts) {
    if (!Buffer.isBuffer(part)) throw new ArgumentError('the body holds regions: use encodeResponseParts');
  }
  return parts as Buffer[];
}
