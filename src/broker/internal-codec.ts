import { compileDecoder } from '../wire/compile-decoder.js';
import { compileEncoder } from '../wire/compile-encoder.js';
import { Reader } from '../wire/reader.js';
import type { Body, BodyInput, Fields } from '../wire/schema.js';
import { Writer } from '../wire/writer.js';

/** Keys or values of an internal topic: a 16-bit version, then the fields. */
export interface InternalCodec<F extends Fields> {
  /** The version that is written. */
  readonly version: number;
  encode(body: BodyInput<F>): Buffer;
  /** Of any version; undefined for one that the schema does not have. */
  decode(bytes: Buffer): Body<F> | undefined;
}

/**
 * A codec for Kafka's internal records, which are described like its messages.
 *
 * @param versions the lowest and highest that can be read
 * @param writes the version that is written
 * @param flexible the first version with compact types
 */
export function internalCodec<F extends Fields>(
  name: string,
  fields: F,
  versions: readonly [number, number],
  writes: number,
  flexible: number = Number.POSITIVE_INFINITY,
): InternalCodec<F> {
  const layout = (version: number) => ({ version, flexible: version >= flexible });
  const encoder = lazy(() => compileEncoder(fields, layout(writes)));
  const decoders = new Map<number, ReturnType<typeof compileDecoder>>();
  return {
    version: writes,
    encode(body) {
      const { encode, sites } = encoder();
      const writer = new Writer({ api: name, apiKey: -1, version: writes, sites });
      writer.int16(writes, 0);
      encode(writer, body);
      return Buffer.concat(writer.finish() as Buffer[]);
    },
    decode(bytes) {
      if (bytes.length < 2) return undefined;
      const version = bytes.readInt16BE(0);
      if (version < versions[0] || version > versions[1]) return undefined;
      let decoder = decoders.get(version);
      if (decoder === undefined) {
        decoder = compileDecoder(fields, layout(version));
        decoders.set(version, decoder);
      }
      const context = { api: name, version, direction: 'request', sites: decoder.sites } as const;
      return decoder.decode(new Reader(bytes, 2, context)) as Body<F>;
    },
  };
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
