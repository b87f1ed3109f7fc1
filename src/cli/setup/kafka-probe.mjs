// Asks whether something speaks Kafka, and which cluster it is. Written by hand because it runs where no package is.
import { connect } from 'node:net';

const METADATA = 3;
const VERSION = 6; // what kafkajs speaks: every Kafka from 0.11 to 4 has it

/**
 * One Metadata request for no topic.
 *
 * @param {string} address `127.0.0.1:9092`
 * @param {number} [timeoutMs]
 * @returns {Promise<{ clusterId: string } | undefined>} undefined: nobody there, or not Kafka
 * @see Kafka: the protocol guide, Metadata (key 3)
 */
export function probeKafka(address, timeoutMs = 2000) {
  const { host, port } = splitAddress(address);
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    /** @param {{ clusterId: string } | undefined} answer */
    const done = (answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(done, timeoutMs, undefined);
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.once('error', () => done(undefined)).once('close', () => done(undefined));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > 65_536) done(undefined);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      try {
        done({ clusterId: clusterIdIn(received) });
      } catch {
        done(undefined);
      }
    });
  });
}

/** @param {string} address `host:port`, or `host` for Kafka's own port */
export function splitAddress(address) {
  const parts = /^\[?(.*?)\]?(?::(\d+))?$/.exec(address.replace(/^PLAINTEXT:\/\//i, ''));
  return { host: parts?.[1] ?? '', port: Number(parts?.[2] ?? 9092) };
}

const CORRELATION_ID = 0x53_42;

function metadataRequest() {
  const clientId = Buffer.from('streambook-start');
  const body = Buffer.alloc(10 + clientId.length + 5);
  body.writeInt16BE(METADATA, 0);
  body.writeInt16BE(VERSION, 2);
  body.writeInt32BE(CORRELATION_ID, 4);
  body.writeInt16BE(clientId.length, 8);
  clientId.copy(body, 10);
  body.writeInt32BE(0, 10 + clientId.length); // no topics; then: do not create any
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/**
 * @param {Buffer} response
 * @returns {string} empty when the cluster has no id
 */
function clusterIdIn(response) {
  if (response.readInt32BE(4) !== CORRELATION_ID) throw new RangeError('not the answer to our request');
  let at = 12; // size, correlation id, throttle time
  const string = () => {
    const length = response.readInt16BE(at);
    at += 2;
    if (length < 0) return '';
    const text = response.toString('utf8', at, at + length);
    at += length;
    return text;
  };
  const brokers = response.readInt32BE(at);
  at += 4;
  if (brokers < 0 || brokers > 10_000) throw new RangeError('not a Metadata response');
  for (let i = 0; i < brokers; i++) {
    at += 4; // node id
    string(); // host
    at += 4; // port
    string(); // rack
  }
  return string();
}
