import { ArgumentError } from '../core/errors.js';
import { apis } from './apis/index.js';
import type { CompiledDecoder } from './compile-decoder.js';
import { compileDecoder } from './compile-decoder.js';
import type { CompiledEncoder } from './compile-encoder.js';
import { compileEncoder } from './compile-encoder.js';
import { UnsupportedVersionError } from './errors.js';
import { isFlexible } from './header.js';
import type { ReadContext } from './reader.js';
import type { Api, Body, BodyInput } from './schema.js';
import type { WriteContext } from './writer.js';

type Apis = typeof apis;
/** Kafka's name of an API that the wire speaks, such as `Produce`. */
export type ApiName = keyof Apis;
/** A decoded request body. */
export type RequestBody<N extends ApiName> = Body<Apis[N]['request']>;
/** A decoded response body. */
export type ResponseBody<N extends ApiName> = Body<Apis[N]['response']>;
/** A request body to encode: fields with defaults may be left out. */
export type RequestInput<N extends ApiName> = BodyInput<Apis[N]['request']>;
/** A response body to encode: fields with defaults may be left out. */
export type ResponseInput<N extends ApiName> = BodyInput<Apis[N]['response']>;

export type Direction = 'request' | 'response';

const byKey = new Map<number, Api>();
for (const api of Object.values(apis) as Api[]) byKey.set(api.key, api);

/** The API with this number; undefined if the wire does not speak it. */
export function apiByKey(apiKey: number): Api | undefined {
  return byKey.get(apiKey);
}

/**
 * The API with this name or number, in a version that the schema has.
 *
 * @throws UnsupportedVersionError
 */
export function supportedApi(nameOrKey: string | number, version: number): Api {
  const api = typeof nameOrKey === 'number' ? byKey.get(nameOrKey) : (apis as Record<string, Api>)[nameOrKey];
  if (api === undefined) {
    const key = typeof nameOrKey === 'number' ? nameOrKey : -1;
    throw new UnsupportedVersionError(key, version, `no API ${nameOrKey} on this wire`);
  }
  const [lowest, highest] = api.versions;
  if (!Number.isInteger(version) || version < lowest || version > highest) {
    throw new UnsupportedVersionError(
      api.key,
      version,
      `${api.name} v${version} is not supported`,
      `versions ${lowest} to ${highest} are`,
    );
  }
  return api;
}

/** A compiled decoder with what it needs to explain itself. */
export interface Decoder {
  readonly decode: CompiledDecoder['decode'];
  readonly context: ReadContext;
}
/** A compiled encoder with what it needs to explain itself. */
export interface Encoder {
  readonly encode: CompiledEncoder['encode'];
  readonly context: WriteContext;
}

// An API's number, version and direction in one small integer.
const decoders = new Map<number, Decoder>();
const encoders = new Map<number, Encoder>();

function slot(api: Api, version: number, direction: Direction): number {
  return (api.key << 8) | (version << 1) | (direction === 'request' ? 0 : 1);
}

/** The decoder of a supported API's message, compiled at its first use. */
export function decoderOf(api: Api, version: number, direction: Direction): Decoder {
  const key = slot(api, version, direction);
  let decoder = decoders.get(key);
  if (decoder === undefined) {
    const { decode, sites } = compileDecoder(api[direction], { version, flexible: isFlexible(api, version) });
    decoder = { decode, context: { api: api.name, version, direction, sites } };
    decoders.set(key, decoder);
  }
  return decoder;
}

/** The encoder of a supported API's message, compiled at its first use. */
export function encoderOf(api: Api, version: number, direction: Direction): Encoder {
  const key = slot(api, version, direction);
  let encoder = encoders.get(key);
  if (encoder === undefined) {
    const { encode, sites } = compileEncoder(api[direction], { version, flexible: isFlexible(api, version) });
    encoder = { encode, context: { api: api.name, apiKey: api.key, version, sites } };
    encoders.set(key, encoder);
  }
  return encoder;
}

/** Refuses what JavaScript callers without types may hand over. */
export function checkBody(body: unknown): asserts body is object {
  if (typeof body !== 'object' || body === null)
    throw new ArgumentError(`a message body must be an object, not ${body}`);
}
