import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/core/rows/index.js';
import { type AnyType, type } from '../../src/core/types/index.js';
import { csvOptionsOf, jsonOptionsOf, rawDecoder, rawEncoder, rawMessageDecoder } from '../../src/formats/index.js';

describe('raw', () => {
  test.each([
    [type.string(), 'grüße 中'],
    [type.bytes(), Buffer.from([0, 255])],
    [type.boolean(), true],
    [type.tinyint(), -7],
    [type.smallint(), -700],
    [type.int(), -70_000],
    [type.bigint(), 2 ** 40],
    [type.bigint(), -(2n ** 63n)],
    [type.float(), 1.5],
    [type.double(), 0.1],
  ] as [AnyType, unknown][])('%s %s', (t, value) => {
    for (const endianness of ['big-endian', 'little-endian'] as const) {
      const bytes = rawEncoder({ v: t }, { endianness }).encode({ v: value }) as Uint8Array;
      expect(rawMessageDecoder({ v: t }, { endianness }).decode(bytes)?.v).toEqual(value);
    }
  });

  test('big-endian unless told otherwise; a wrong length is a bad row', () => {
    expect(rawEncoder({ v: type.int() }).encode({ v: 1 })).toEqual(Buffer.from([0, 0, 0, 1]));
    expect(() => rawMessageDecoder({ v: type.int() }).decode(Buffer.from('abc'), 'topic `t`')).toThrow(
      '3 bytes are no INT',
    );
  });

  test('lines of a file, cut anywhere', () => {
    const bytes = Buffer.from('one\r\nzwölf\n\nlast');
    const decoder = rawDecoder({ line: type.string() });
    const lines: unknown[] = [];
    const out: Row[] = [];
    const pull = () => {
      for (let n = decoder.read(out, 2); n > 0; n = decoder.read(out, 2))
        lines.push(...out.slice(0, n).map((r) => r.line));
    };
    for (const byte of bytes) {
      decoder.feed(Uint8Array.of(byte));
      pull();
    }
    decoder.end();
    pull();
    expect(lines).toEqual(['one', 'zwölf', '', 'last']);
    expect(decoder.position()).toMatchObject({ position: bytes.length, line: 4 });
  });

  test('refuses what it cannot hold', () => {
    expect(() => rawDecoder({ a: type.string(), b: type.string() })).toThrow('a schema of one column');
    expect(() => rawMessageDecoder({ a: type.date() })).toThrow('raw cannot hold a DATE');
  });
});

test("options as SQL's WITH clause has them", () => {
  const options = {
    connector: 'kafka',
    'csv.field-delimiter': '\\t',
    'csv.disable-quote-character': 'true',
    'csv.null-literal': 'n/a',
  };
  expect(csvOptionsOf(options)).toEqual({ fieldDelimiter: '\t', quoteCharacter: null, nullLiteral: 'n/a' });
  expect(jsonOptionsOf({ 'value.json.ignore-parse-errors': 'true' }, 'value.json.')).toEqual({
    ignoreParseErrors: true,
  });
  expect(() => csvOptionsOf({ 'csv.field-delimeter': ';' })).toThrow("unknown option 'csv.field-delimeter'");
  expect(() => csvOptionsOf({ 'csv.allow-comments': 'yes' })).toThrow('true or false');
});
