import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Broker,
  type BrokerEvent,
  type BrokerOptions,
  startBroker,
  userLines,
} from '../../../src/broker/index.js';
import { decodeResponse, encodeRequest } from '../../../src/wire/frames.js';
import { RawClient } from '../support/client.js';
import { tempFolder, until } from '../support/temp.js';

const brokers: Broker[] = [];
let events: BrokerEvent[] = [];

afterEach(async () => {
  await Promise.all(brokers.splice(0).map((broker) => broker.stop()));
  events = [];
});

async function start(options: BrokerOptions): Promise<Broker> {
  const broker = await startBroker({ port: 0, onEvent: (event) => void events.push(event), ...options });
  brokers.push(broker);
  return broker;
}

const users = { alice: 'wonderland', bob: 'a,b=c ü' };

async function roundTrip(broker: Broker, config: Partial<KafkaConfig>): Promise<string | undefined> {
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 0 }, ...config });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 't', messages: [{ value: 'hello' }] });
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: 'g', maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  const seen: string[] = [];
  await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) });
  const value = await until(() => seen[0]);
  await consumer.disconnect();
  return value;
}

const openssl = spawnSync('openssl', ['version']).status === 0;
const kcat = spawnSync('kcat', ['-V']).status === 0;

/** A key and a certificate that it has signed itself. */
function certificate(): { key: string; cert: string } {
  const folder = tempFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert, ...names], { stdio: 'ignore' });
  return { key, cert };
}

describe('SASL', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('lets kafkajs in by %s', async (mechanism) => {
    const broker = await start({ sasl: { users } });
    for (const [username, password] of Object.entries(users)) {
      // kafkajs does not escape names; ours need no escape.
      const sasl = { mechanism, username, password } as SASLOptions;
      expect(await roundTrip(broker, { sasl })).toBe('hello');
    }
    expect(events).toEqual([]);
  });

  it.each([
    ['plain', 'alice', 'Wonderland'],
    ['plain', 'nobody', 'wonderland'],
    ['scram-sha-256', 'alice', 'Wonderland'],
    ['scram-sha-512', 'nobody', 'wonderland'],
  ] as const)(
    'keeps kafkajs out by %s as %s with %s, and says no more than that',
    async (mechanism, username, password) => {
      const broker = await start({ sasl: { users } });
      const sasl = { mechanism, username, password } as SASLOptions;
      const name = mechanism.toUpperCase();
      await expect(roundTrip(broker, { sasl })).rejects.toThrow(
        `Authentication failed during authentication due to invalid credentials with SASL mechanism ${name}`,
      );
      expect(events.map(({ kind }) => kind)).toEqual(['unauthenticated']);
      expect(JSON.stringify(events)).not.toContain(password);
      await until(() => broker.metrics().connections.open === 0);
    },
  );

  it('keeps out whoever does not say who he is', async () => {
    const broker = await start({ sasl: { users } });
    await expect(roundTrip(broker, {})).rejects.toThrow();
    expect(broker.metrics().topics).toEqual([]);
    const raw = await RawClient.connect(broker.address);
    expect(
      (await raw.request('ApiVersions', 3, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })).errorCode,
    ).toBe(0);
    await expect(raw.request('Metadata', 1, { topics: null })).rejects.toThrow('closed');
    const second = await RawClient.connect(broker.address);
    await expect(
      second.request('SaslAuthenticate', 1, { authBytes: Buffer.from('\0alice\0wonderland') }),
    ).rejects.toThrow();
    const third = await RawClient.connect(broker.address);
    // Half a megabyte is enough for a stranger.
    third.socket.write(Buffer.from([0, 0x10, 0, 0]));
    await third.closed;
  });

  it('offers what it was told to, and closes after another wish', async () => {
    const broker = await start({ sasl: { users, mechanisms: ['SCRAM-SHA-512'] } });
    const raw = await RawClient.connect(broker.address);
    const answer = await raw.request('SaslHandshake', 1, { mechanism: 'PLAIN' });
    expect(answer).toMatchObject({ errorCode: 33, mechanisms: ['SCRAM-SHA-512'] });
    await raw.closed;
  });

  it('speaks bare tokens with clients of before 1.0', async () => {
    const broker = await start({ sasl: { users } });
    const raw = await RawClient.connect(broker.address);
    expect((await raw.request('SaslHandshake', 0, { mechanism: 'PLAIN' })).errorCode).toBe(0);
    raw.socket.removeAllListeners('data');
    const token = Buffer.from('\0alice\0wonderland');
    const length = Buffer.alloc(4);
    length.writeInt32BE(token.length);
    const next = () => new Promise<Buffer>((resolve) => raw.socket.once('data', resolve));
    const empty = next();
    raw.socket.write(Buffer.concat([length, token]));
    expect([...(await empty)]).toEqual([0, 0, 0, 0]);
    const metadata = next();
    raw.socket.write(Buffer.concat(encodeRequest('Metadata', 1, { correlationId: 9 }, { topics: null })));
    expect(decodeResponse('Metadata', 1, (await metadata).subarray(4)).correlationId).toBe(9);
    await raw.close();
  });

  it('is an error in a state that Kafka has a name for where nobody is asked', async () => {
    const broker = await start({});
    const raw = await RawClient.connect(broker.address);
    expect(await raw.request('SaslHandshake', 1, { mechanism: 'PLAIN' })).toMatchObject({ errorCode: 34 });
    expect(await raw.request('SaslAuthenticate', 2, { authBytes: Buffer.from('x') })).toMatchObject({ errorCode: 34 });
    await raw.close();
  });

  it('reads users from a file without passwords, the last line of a user counting', async () => {
    const usersFile = join(tempFolder(), 'users');
    fs.writeFileSync(
      usersFile,
      `# who may\n${await userLines('alice', 'old')}\r\n${await userLines('alice', 'wonderland')}`,
    );
    expect(fs.readFileSync(usersFile, 'utf8')).not.toContain('wonderland');
    const broker = await start({ sasl: { usersFile } });
    const as = (password: string) => ({
      sasl: { mechanism: 'scram-sha-512', username: 'alice', password } as SASLOptions,
    });
    expect(await roundTrip(broker, as('wonderland'))).toBe('hello');
    await expect(roundTrip(broker, as('old'))).rejects.toThrow('invalid credentials');
  });

  it('explains what is wrong with the users', async () => {
    const file = join(tempFolder(), 'users');
    const by = (sasl: object) => startBroker({ port: 0, sasl });
    await expect(by({})).rejects.toThrow('not both');
    await expect(by({ users, usersFile: file })).rejects.toThrow('not both');
    await expect(by({ users: {} })).rejects.toThrow('nobody could connect');
    await expect(by({ users: { alice: '' } })).rejects.toThrow("'alice' needs a password");
    await expect(by({ users: { 'a b': 'x' } })).rejects.toThrow('white space');
    await expect(by({ users, mechanisms: ['GSSAPI'] })).rejects.toThrow("not 'GSSAPI'");
    await expect(by({ usersFile: file })).rejects.toMatchObject({ code: 'broker-users-unreadable' });
    fs.writeFileSync(file, 'alice secret\n');
    await expect(by({ usersFile: file })).rejects.toThrow(/no user in line 1(?!.*secret)/s);
    fs.writeFileSync(file, '# nobody\n');
    await expect(by({ usersFile: file })).rejects.toThrow('holds no user');
  });

  it('does not offer PLAIN where passwords would go over the network in clear', async () => {
    const broker = await start({ sasl: { users }, host: '0.0.0.0' });
    const raw = await RawClient.connect(broker.address);
    const { mechanisms } = await raw.request('SaslHandshake', 1, { mechanism: 'SCRAM-SHA-256' });
    expect(mechanisms).toEqual(['SCRAM-SHA-256', 'SCRAM-SHA-512']);
    await raw.close();
  });
});

describe.skipIf(!openssl)('TLS', () => {
  it('encrypts, with and without passwords; others are told nothing', async () => {
    const tls = certificate();
    const ca = fs.readFileSync(tls.cert, 'utf8');
    const broker = await start({ tls });
    expect(await roundTrip(broker, { ssl: { ca: [ca] } })).toBe('hello');
    const plain = await RawClient.connect(broker.address);
    await expect(plain.request('Metadata', 1, { topics: null })).rejects.toThrow();
    await until(() => events.length > 0);
    expect(events[0]).toMatchObject({ kind: 'malformed', message: expect.stringContaining('TLS') });
    const both = await start({ tls, sasl: { users }, host: '0.0.0.0' });
    const sasl: SASLOptions = { mechanism: 'plain', username: 'alice', password: 'wonderland' };
    expect(await roundTrip(both, { ssl: { ca: [ca] }, sasl })).toBe('hello');
    await expect(roundTrip(both, { ssl: { ca: [ca] } })).rejects.toThrow();
  });

  it('lets in only those whose certificate was signed by an authority it knows, if told so', async () => {
    const [tls, known, stranger] = [certificate(), certificate(), certificate()];
    const broker = await start({ tls: { ...tls, ca: known.cert } });
    const read = (path: string): string => fs.readFileSync(path, 'utf8');
    const ca = [read(tls.cert)];
    const as = ({ key, cert }: typeof known) => ({ ssl: { ca, key: read(key), cert: read(cert) } });
    expect(await roundTrip(broker, as(known))).toBe('hello');
    await expect(roundTrip(broker, as(stranger))).rejects.toThrow();
    await expect(roundTrip(broker, { ssl: { ca } })).rejects.toThrow();
    expect(await roundTrip(broker, as(known))).toBe('hello');
    await expect(startBroker({ port: 0, tls: { ...tls, ca: '/nowhere/ca.pem' } })).rejects.toMatchObject({
      code: 'broker-tls-unreadable',
    });
  });

  it('goes down and comes back', async () => {
    const tls = certificate();
    const broker = await start({ tls });
    const ssl = { ca: [fs.readFileSync(tls.cert, 'utf8')] };
    await broker.down();
    await broker.up();
    expect(await roundTrip(broker, { ssl })).toBe('hello');
  });

  it('explains what is wrong with the files', async () => {
    const good = certificate();
    const by = (tls: { key: string; cert: string }) => startBroker({ port: 0, tls });
    await expect(by({ ...good, key: '/nowhere/key.pem' })).rejects.toMatchObject({ code: 'broker-tls-unreadable' });
    await expect(by({ key: good.cert, cert: good.key })).rejects.toMatchObject({ code: 'broker-tls-unreadable' });
    await expect(by({ ...good, key: certificate().key })).rejects.toMatchObject({ code: 'broker-tls-unreadable' });
  });

  it.skipIf(!kcat).each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('lets kcat in by %s', async (mechanism) => {
    const tls = certificate();
    const broker = await start({ tls, sasl: { users } });
    const settings = {
      'security.protocol': 'sasl_ssl',
      'ssl.ca.location': tls.cert,
      'sasl.mechanism': mechanism,
      'sasl.username': 'bob',
      'sasl.password': 'a,b=c ü',
    };
    const args = Object.entries(settings).flatMap(([key, value]) => ['-X', `${key}=${value}`]);
    const run = (more: string[], input?: string) =>
      new Promise<string>((resolve, reject) => {
        import('node:child_process').then(({ execFile }) => {
          const child = execFile('kcat', ['-b', broker.address, ...args, ...more], (error, out) => {
            if (error) reject(error);
            else resolve(out);
          });
          child.stdin!.end(input);
        }, reject);
      });
    await run(['-P', '-t', 't'], 'one\ntwo\n');
    expect(await run(['-C', '-t', 't', '-o', 'beginning', '-e', '-q'])).toBe('one\ntwo\n');
  });
});
