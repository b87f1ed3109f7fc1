import { isUtf8 } from 'node:buffer';
import { ArgumentError } from '../../core/errors.js';
import { checkNames, SEND_OPTIONS } from '../option-names.js';
import { checkChunkBytes, chunksOf } from './chunks.js';
import { blocksOf, decodedText, encodingOf, findFile, isUtf8Name, nameOf } from './files.js';
import { type OutgoingMessage, type Ready, ready } from './outgoing.js';
import { type SendSource, startSending } from './sender.js';
import type { Sending, SendOptions } from './sending.js';

/** A text that can be sent: a file, and what to call it. `texts.mobyDick` is one. */
export interface TextFile {
  readonly name?: string | undefined;
  readonly path: string;
}

export interface SendFileOptions extends SendOptions {
  readonly topic: string;
  /** The most bytes of a message. A character is never cut, so some messages are up to 3 bytes shorter. Default: 1024. */
  readonly chunkBytes?: number | undefined;
  /** The same for all messages, or made from the chunk and its number (from 0). Without a key partitions take turns. */
  readonly key?: string | ((chunk: Buffer, index: number) => string) | undefined;
  readonly partition?: number | undefined;
  readonly headers?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** Epoch ms; the time of sending by default. */
  readonly timestamp?: number | ((chunk: Buffer, index: number) => number) | undefined;
  /**
   * The file's encoding, if it is not UTF-8: the messages are UTF-8 then. `'detect'` guesses. Left out, the bytes are
   * sent as they are.
   */
  readonly encoding?: string | undefined;
}

const NAMES = [...SEND_OPTIONS, 'topic', 'chunkBytes', 'key', 'partition', 'headers', 'timestamp', 'encoding'];

/**
 * Sends a text file in chunks, in the background, and returns at once with a handle.
 *
 * Put together, the messages are the file, byte for byte. The order is kept within a partition; a new topic gets one.
 * The file is streamed, so it may be of any size. What the broker acknowledged is counted; a message is not written
 * twice when its acknowledgement is lost.
 *
 * @param text a path, or a `{ path, name }` such as `texts.mobyDick`
 * @throws `bad-argument` at once; through the handle `file-not-found`, `empty-file`, `broker-unreachable`, `broker-lost`
 * @example
 *   const sending = sendFile(texts.mobyDick, { topic: 'novel', chunkBytes: 1024, everyMs: 100 });
 *   await sending.sent(10);
 * @see Kafka: producer, batching and idempotence
 */
export function sendFile(text: string | TextFile, options: SendFileOptions): Sending {
  const file: TextFile = typeof text === 'string' ? { path: text } : text;
  if (typeof file?.path !== 'string' || file.path === '') {
    throw new ArgumentError('no file to send was given', { hint: 'a path, or a text: sendFile(texts.mobyDick, ...)' });
  }
  checkTopic(options?.topic);
  checkNames('sendFile', options, NAMES);
  const size = options.chunkBytes ?? 1024;
  checkChunkBytes(size);
  const source: SendSource = {
    name: options.name ?? file.name ?? nameOf(file.path),
    async prepare() {
      const found = await findFile(file.path);
      // A transcoded text has another length than its file, and nobody knows it before the end.
      const encoding = options.encoding === undefined ? 'utf8' : await encodingOf(found.path, options.encoding);
      if (isUtf8Name(encoding)) source.totalBytes = found.size;
      source.note = undefined;
      source.open = () => messages(watched(chunksOf(utf8Blocks(found.path, encoding), size), source), options);
    },
    open: () => [],
  };
  return startSending(options.topic, source, options);
}

function utf8Blocks(path: string, encoding: string): AsyncIterable<Buffer> {
  return isUtf8Name(encoding) ? blocksOf(path) : encoded(decodedText(blocksOf(path), encoding));
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Buffer, void> {
  for await (const text of texts) yield Buffer.from(text);
}

/** Bytes that are no UTF-8 arrive as they are, but nobody can read them as text: say so while they go. */
async function* watched(chunks: AsyncIterable<Buffer>, source: SendSource): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) {
    if (source.note === undefined && !isUtf8(chunk)) {
      source.note = "not UTF-8, sent as it is; a text in another encoding: `encoding: 'gb18030'` (or 'detect')";
    }
    yield chunk;
  }
}

async function* messages(chunks: AsyncIterable<Buffer>, options: SendFileOptions): AsyncGenerator<Ready, void> {
  const { key, partition, headers, timestamp } = options;
  let index = 0;
  for await (const value of chunks) {
    const message: OutgoingMessage = {
      value,
      partition,
      headers,
      key: typeof key === 'function' ? key(value, index) : key,
      timestamp: typeof timestamp === 'function' ? timestamp(value, index) : timestamp,
    };
    yield ready(message, index++);
  }
}

/** @throws `bad-argument` unless Kafka takes the name */
export function checkTopic(topic: unknown): asserts topic is string {
  if (typeof topic !== 'string' || !/^[A-Za-z0-9._-]{1,249}$/.test(topic) || topic === '.' || topic === '..') {
    throw new ArgumentError(`\`${String(topic)}\` cannot be a topic's name`, {
      hint: 'a name has 1 to 249 letters, digits, dots, hyphens or underscores',
    });
  }
}
