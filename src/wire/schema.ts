/*
 * The notation in which `apis/*.ts` describe Kafka's messages: one object per message, one call per field, the versions as
 * columns. A field reads like a line of Kafka's own message definitions:
 *
 *     groupInstanceId: string({ since: 5, nullable: 5, ignorable: true })
 *
 * From it follow the decoder, the encoder (compile-decoder.ts, compile-encoder.ts) and, through the two type parameters,
 * what TypeScript knows about a decoded body (`Body`) and about one to be encoded (`BodyInput`).
 */

/** The columns of a field. Versions are those of the API. */
export interface FieldOptions {
  /** The first version that has the field. Default: all. */
  readonly since?: number;
  /** The last version that has it. Default: all. */
  readonly until?: number;
  /** The first version in which it may be null. Default: never. */
  readonly nullable?: number;
  /** What a version without the field decodes to, and what is encoded when it is left out. */
  readonly default?: unknown;
  /** Encoding for a version without the field drops its value; otherwise a value that is not the default is an error. */
  readonly ignorable?: boolean;
  /** The number of a tagged field. It is written only if it is not the default. */
  readonly tag?: number;
}

/** How a value is laid out. `records` is bytes that may be given as a list of parts. */
export type Kind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'string'
  | 'uuid'
  | 'bytes'
  | 'records'
  | 'array'
  | 'struct';

/**
 * One field. `Out` is what decoding gives, `In` what encoding takes, `Optional` whether encoding can do without.
 * `out`, `in` and `optional` exist for the type checker only.
 */
export interface Field<Out = unknown, In = Out, Optional extends boolean = boolean> {
  readonly kind: Kind;
  readonly options: FieldOptions;
  /** The element of an array. */
  readonly of?: Field;
  /** The fields of a struct. */
  readonly fields?: Fields;
  readonly out?: Out;
  readonly in?: (value: In) => void;
  readonly optional?: Optional;
}

/** The fields of a message or struct, in the order of the wire. */
export interface Fields {
  // biome-ignore lint/suspicious/noExplicitAny: a field of any type; `In` is contravariant
  readonly [name: string]: Field<any, any, any>;
}

/** A tagged field that the schema does not know, kept so that encoding gives the same bytes. */
export interface UnknownTag {
  readonly tag: number;
  readonly data: Buffer;
}

type OutOf<F> = F extends Field<infer Out, infer _In, infer _Optional> ? Out : never;
type InOf<F> = F extends { readonly in?: (value: infer In) => void } ? In : never;
type IsOptional<F> = F extends { readonly optional?: true } ? true : false;

/** A decoded message: every field is there, with its default where the version does not have it. */
export type Body<F extends Fields> = { -readonly [K in keyof F]: OutOf<F[K]> } & { unknownTags?: UnknownTag[] };

/** A message to encode: fields with a default, a tag, or missing in some version may be left out. */
export type BodyInput<F extends Fields> = {
  readonly [K in keyof F as IsOptional<F[K]> extends true ? never : K]: InOf<F[K]>;
} & {
  readonly [K in keyof F as IsOptional<F[K]> extends true ? K : never]?: InOf<F[K]> | undefined;
} & { readonly unknownTags?: readonly UnknownTag[] | undefined };

type Null<O> = O extends { readonly nullable: number } ? null : never;
type Omittable<O> = O extends { since: number } | { until: number } | { default: unknown } | { tag: number }
  ? true
  : false;

/** A stretch of bytes that is not in memory: encoding passes it through for the caller to fill in, from a file for example. */
export interface Region {
  readonly byteLength: number;
}

/** What a `records` field takes: bytes, several of them, or regions to be filled in later. None of them is copied. */
export type RecordsInput = Uint8Array | Region | readonly (Uint8Array | Region)[];

type Scalar<T, O> = Field<T | Null<O>, T | Null<O>, Omittable<O>>;

function scalar<T>(kind: Kind) {
  return <const O extends FieldOptions = Record<never, never>>(options?: O): Scalar<T, O> => ({
    kind,
    options: options ?? {},
  });
}

export const bool = scalar<boolean>('bool');
export const int8 = scalar<number>('int8');
export const int16 = scalar<number>('int16');
export const uint16 = scalar<number>('uint16');
export const int32 = scalar<number>('int32');
export const uint32 = scalar<number>('uint32');
/** A 64-bit integer as a number: see int64.ts for what happens beyond 2^53. */
export const int64 = scalar<number>('int64');
export const float64 = scalar<number>('float64');
export const string = scalar<string>('string');
/** 16 bytes as 22 characters of URL-safe base64, as Kafka prints them. All zero means "none": `ZERO_UUID`. */
export const uuid = scalar<string>('uuid');

/** Small byte strings: a view when decoded, copied when encoded unless large. */
export function bytes<const O extends FieldOptions = Record<never, never>>(
  options?: O,
): Field<Buffer | Null<O>, Uint8Array | Null<O>, Omittable<O>> {
  return { kind: 'bytes', options: options ?? {} };
}

/** Record batches: a view when decoded, never copied when encoded. */
export function records<const O extends FieldOptions = Record<never, never>>(
  options?: O,
): Field<Buffer | Null<O>, RecordsInput | Null<O>, Omittable<O>> {
  return { kind: 'records', options: options ?? {} };
}

/** A struct inside a message. */
export function struct<F extends Fields, const O extends FieldOptions = Record<never, never>>(
  fields: F,
  options?: O,
): Field<Body<F> | Null<O>, BodyInput<F> | Null<O>, Omittable<O>> {
  return { kind: 'struct', options: options ?? {}, fields };
}

/** An array of scalars (`array(int32())`) or of structs (`array({ name: string() })`). */
export function array<Out, In, const O extends FieldOptions = Record<never, never>>(
  of: Field<Out, In, boolean>,
  options?: O,
): Field<Out[] | Null<O>, readonly In[] | Null<O>, Omittable<O>>;
export function array<F extends Fields, const O extends FieldOptions = Record<never, never>>(
  of: F,
  options?: O,
): Field<Body<F>[] | Null<O>, readonly BodyInput<F>[] | Null<O>, Omittable<O>>;
// biome-ignore lint/suspicious/noExplicitAny: the overloads above are what callers see
export function array(of: Field | Fields, options: FieldOptions = {}): Field<any, any, any> {
  const element = isField(of) ? of : ({ kind: 'struct', options: {}, fields: of } as Field);
  return { kind: 'array', options, of: element };
}

function isField(value: Field | Fields): value is Field {
  return typeof value.kind === 'string';
}

export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** One API: its number, its versions, and both messages. */
export interface Api<Name extends string = string, Request extends Fields = Fields, Response extends Fields = Fields> {
  readonly name: Name;
  readonly key: number;
  /** Lowest and highest version that the schema describes. */
  readonly versions: readonly [number, number];
  /** The first version with compact types and tagged fields; undefined if there is none. */
  readonly flexible: number | undefined;
  readonly request: Request;
  readonly response: Response;
}

/** Describes an API. `versions` are inclusive. */
export function api<const Name extends string, Request extends Fields, Response extends Fields>(
  name: Name,
  key: number,
  versions: readonly [number, number],
  flexible: number | undefined,
  messages: { request: Request; response: Response },
): Api<Name, Request, Response> {
  return { name, key, versions, flexible, request: messages.request, response: messages.response };
}
