import { serialisable } from '../../core/serialise/index.js';
import { KafkaRecord, Message } from '../../kafka/index.js';

interface PlainMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly value: unknown;
  readonly key: Uint8Array | null;
  readonly bytes: Uint8Array | null;
  readonly headers: readonly (readonly [string, Uint8Array | null])[];
}

const toBuffer = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
// Copies: what is kept in state must not keep the whole fetch it came with.
const toBytes = (bytes: Buffer | null): Uint8Array | null => (bytes === null ? null : new Uint8Array(bytes));

// Messages may be kept in state.
serialisable<Message<unknown>, PlainMessage>(Message, {
  name: 'streambook/Message',
  toPlain: ({ topic, partition, offset, timestamp, value, keyBytes, bytes, rawHeaders }) => ({
    topic,
    partition,
    offset,
    timestamp,
    value,
    key: toBytes(keyBytes),
    bytes: toBytes(bytes),
    headers: rawHeaders.map(([name, header]) => [name, toBytes(header)] as const),
  }),
  fromPlain: ({ topic, partition, offset, timestamp, value, key, bytes, headers }) => {
    const raw = headers.map(([name, header]) => [name, toBuffer(header)] as const);
    const record = new KafkaRecord(offset, timestamp, toBuffer(key), toBuffer(bytes), raw);
    return new Message<unknown>(topic, partition, offset, timestamp, value, record, undefined);
  },
});
