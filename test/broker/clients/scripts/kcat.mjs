// kcat: node kcat.mjs BROKER PREFIX. It makes topics by writing to them, and cannot delete any: the caller's broker ends.
import { spawn } from 'node:child_process';
import { broker, digest, numbered, own, step, until } from './steps.mjs';

/**
 * @param {string[]} args
 * @param {string} [input]
 * @returns {Promise<string>} its standard output
 */
function kcat(args, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn('kcat', ['-b', broker, '-X', 'log_level=0', ...args], { timeout: 25_000 });
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${code}: ${errors.trim()}`))));
    // It may end before it has read anything; its exit code says why.
    child.stdin.on('error', () => {}).end(input);
  });
}

/** @param {string} text */
const lines = (text) => text.split('\n').filter((line) => line !== '');
/** @param {string} topic @param {string[]} values @param {string[]} args */
const write = (topic, values, ...args) =>
  kcat(['-P', '-t', topic, '-K:', ...args], values.map((value, i) => `k${i % 3}:${value}\n`).join(''));
/** @param {string} topic @param {string[]} args */
const read = async (topic, ...args) =>
  lines(await kcat(['-C', '-t', topic, '-e', '-q', '-f', '%p %o %k %s %h\n', ...args]));
/** @param {string} topic */
const end = async (topic) => lines(await kcat(['-Q', '-t', `${topic}:0:-1`])).join();

await step('metadata', async () => {
  const { brokers, topics } = JSON.parse(await kcat(['-L', '-J', '-t', own('plain')]));
  return { brokers, topic: topics[0]?.topic };
});
await step('write plain', async () => {
  await until(() => write(own('plain'), numbered(100, 'plain'), '-p0', '-H', 'h=1').then(() => true));
  return end(own('plain'));
});
for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
  await step(`write ${codec}`, async () => {
    await write(own('plain'), numbered(100, codec), '-p0', '-z', codec);
    return end(own('plain'));
  });
}
await step('write idempotent', async () => {
  await write(
    own('plain'),
    numbered(500, 'once'),
    '-p0',
    '-X',
    'enable.idempotence=true',
    '-X',
    'batch.num.messages=20',
  );
  return end(own('plain'));
});
await step('write without an answer', async () => {
  await write(own('plain'), ['unanswered'], '-p0', '-X', 'acks=0');
  await until(async () => (await end(own('plain'))).endsWith('1001'));
  return 'written';
});
await step('write a transaction', async () => {
  await write(own('together'), ['first'], '-p0');
  await write(own('together'), numbered(10, 'together'), '-p0', '-X', `transactional.id=${own('tx')}`);
  return { end: await end(own('together')), read: digest(await read(own('together'), '-o', 'beginning')) };
});
await step('read from the start', async () => digest(await read(own('plain'), '-o', 'beginning')));
await step('read from an offset', async () => digest(await read(own('plain'), '-o', '950', '-p0')));
await step('read the last', async () => digest(await read(own('plain'), '-o', '-5', '-p0')));
await step('read uncommitted', async () =>
  digest(await read(own('plain'), '-o', 'beginning', '-X', 'isolation.level=read_uncommitted')),
);
await step('null and large values', async () => {
  const large = 'x'.repeat(900_000);
  await kcat(['-P', '-t', own('odd'), '-K:', '-Z', '-D', '\n'], `null:\nlarge:${large}\n`);
  const text = await kcat(['-C', '-t', own('odd'), '-e', '-q', '-o', 'beginning', '-f', '%k %S\n']);
  return lines(text).sort();
});
await step('a group of two', async () => {
  const topic = own('shared');
  await write(topic, ['first'], '-p0');
  const members = ['one', 'two'].map(() => {
    const args = ['-b', broker, '-G', own('pair'), topic, '-f', '%p %o %s\n', '-u', '-X', 'log_level=0'];
    const settings = ['auto.offset.reset=earliest', 'session.timeout.ms=10000', 'heartbeat.interval.ms=200'];
    const child = spawn('kcat', [...args, ...settings.flatMap((setting) => ['-X', setting])], { timeout: 25_000 });
    const member = { child, out: '', errors: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (member.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (member.errors += text));
    return member;
  });
  const seen = () => members.flatMap(({ out }) => lines(out)).sort();
  const state = () => members;
  try {
    await until(() => seen().length === 1, state);
    // One of the two has the only partition; when it leaves, the other one goes on behind what was committed.
    const holder = members.find(({ out }) => out !== '');
    holder?.child.kill('SIGINT');
    await until(() => holder?.child.exitCode !== null, state);
    await write(topic, ['second'], '-p0');
    await until(() => seen().length === 2, state);
    return members.map(({ out }) => lines(out).join()).sort();
  } finally {
    for (const { child } of members) child.kill('SIGTERM');
  }
});
