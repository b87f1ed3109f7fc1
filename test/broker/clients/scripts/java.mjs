// Kafka's own command line tools: node java.mjs BROKER PREFIX. STREAMBOOK_KAFKA_JARS is the folder with Kafka's jars.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { broker, digest, numbered, own, step, until } from './steps.mjs';

const jars = join(process.env.STREAMBOOK_KAFKA_JARS ?? '', '*');
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xmx256m'];
const folder = mkdtempSync(join(tmpdir(), 'streambook-java-'));
const logging = join(folder, 'log4j2.properties');
writeFileSync(logging, 'rootLogger.level=OFF\n');

/**
 * @param {string} tool a class
 * @param {string[]} args
 * @param {string} [input]
 * @returns {Promise<string>} its standard output
 */
function run(tool, args, input = '') {
  return new Promise((resolve, reject) => {
    const options = [...quick, `-Dlog4j2.configurationFile=${logging}`, '-cp', jars, tool];
    const child = spawn(java, [...options, ...args], { timeout: 28_000 });
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${code ?? signal}: ${firstComplaint(`${errors}\n${out}`)}`));
    });
    child.stdin.end(input);
  });
}

/** @param {string} text */
const firstComplaint = (text) => /\w*(?:Exception|Error)[^\n]*/.exec(text)?.[0] ?? text.trim().slice(-200);
/** @param {string} text */
const lines = (text) => text.split('\n').filter((line) => line.trim() !== '');
const at = ['--bootstrap-server', broker];
/** @param {string[]} args */
const topics = (...args) => run('org.apache.kafka.tools.TopicCommand', [...at, ...args]);
/**
 * A fresh KRaft cluster sets `min.insync.replicas` for all topics by itself.
 *
 * @param {string} topic
 */
const describe = async (topic) =>
  (await topics('--describe', '--topic', topic))
    .replaceAll(/TopicId: \S+/g, 'TopicId: ...')
    .replaceAll(/min\.insync\.replicas=1,?/g, '');
/** @param {string[]} args */
const configs = (...args) => run('kafka.admin.ConfigCommand', [...at, ...args]);
/** @param {string[]} args */
const groups = (...args) => run('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [...at, ...args]);
/** @param {string} topic @param {string[]} values @param {string[]} args */
const write = (topic, values, ...args) =>
  run(
    'org.apache.kafka.tools.ConsoleProducer',
    [...at, '--topic', topic, '--reader-property', 'parse.key=true', '--reader-property', 'key.separator=:', ...args],
    values.map((value, i) => `k${i % 3}:${value}\n`).join(''),
  );
/** @param {string} topic @param {number} count @param {string[]} args */
const read = async (topic, count, ...args) =>
  lines(
    await run('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      ...[...at, '--topic', topic, '--max-messages', String(count), '--timeout-ms', '15000'],
      ...['--formatter-property', 'print.key=true', '--formatter-property', 'print.offset=true', ...args],
    ]),
  );

// Several at a time: each of them starts a Java machine.
await step('create a topic', () =>
  topics('--create', '--topic', own('plain'), '--partitions', '1', '--config', 'retention.ms=7200000'),
);
await Promise.all([
  step('create a topic with as many partitions as the broker likes', () => topics('--create', '--topic', own('dflt'))),
  step('create a topic that exists', () => topics('--create', '--topic', own('plain'))),
  step('create with an invalid config', () => topics('--create', '--topic', own('x'), '--config', 'retention.ms=long')),
  step('write plain', () =>
    write(own('plain'), numbered(100, 'plain'), '--command-property', 'enable.idempotence=false'),
  ),
]);
await Promise.all([
  step('describe a topic', () => describe(own('plain'))),
  step('list topics', async () => lines(await topics('--list')).filter((topic) => topic.startsWith(own('')))),
]);
await step('write gzip', () => write(own('plain'), numbered(100, 'gzip'), '--compression-codec', 'gzip'));
await step('write zstd', () => write(own('plain'), numbered(100, 'zstd'), '--compression-codec', 'zstd'));
await Promise.all([
  step('read from the start', async () => digest(await read(own('plain'), 300, '--from-beginning'))),
  step('read from an offset', async () => digest(await read(own('plain'), 50, '--partition', '0', '--offset', '250'))),
  step('alter configs', async () => {
    const topic = ['--entity-type', 'topics', '--entity-name', own('plain')];
    await configs('--alter', ...topic, '--add-config', 'retention.ms=5000000,cleanup.policy=compact');
    return configs('--describe', ...topic);
  }),
]);
await step('write transactions', async () => {
  const rest = ['--num-records', '100', '--record-size', '10', '--throughput', '-1', '--transactional-id', own('tx')];
  const out = await run('org.apache.kafka.tools.ProducerPerformance', [
    ...['--topic', own('transactions'), '--command-property', `bootstrap.servers=${broker}`, ...rest],
    ...['--transaction-duration-ms', '10000'],
  ]);
  return /^\d+ records sent/m.exec(out)?.[0];
});
await Promise.all([
  step('read committed', async () => {
    const isolated = ['--from-beginning', '--isolation-level', 'read_committed'];
    return (await read(own('transactions'), 100, ...isolated)).length;
  }),
  step('read in a group', async () => {
    const seen = await read(own('plain'), 10, '--from-beginning', '--group', own('group'));
    return digest(seen);
  }),
]);
await step('read on in a group', async () => digest(await read(own('plain'), 10, '--group', own('group'))));
await step('describe a group', async () =>
  lines(await groups('--describe', '--group', own('group'))).map((line) => line.split(/\s+/).slice(0, 6).join(' ')),
);
await Promise.all([
  step('reset offsets', async () =>
    lines(
      await groups(
        '--reset-offsets',
        '--group',
        own('group'),
        '--topic',
        own('plain'),
        '--to-offset',
        '5',
        '--execute',
      ),
    ).map((line) => line.split(/\s+/).join(' ')),
  ),
  step('offsets by time', () =>
    run('org.apache.kafka.tools.GetOffsetShell', [...at, '--topic', own('plain'), '--time', '-1']),
  ),
  step('more partitions', () => topics('--alter', '--topic', own('dflt'), '--partitions', '3')),
]);
await step('a topic with more partitions', async () => {
  let text = '';
  // The real Kafka answers before every part of it knows.
  await until(async () => {
    text = await describe(own('dflt'));
    return text.includes('PartitionCount: 3');
  });
  return text;
});
await Promise.all([
  step('delete a group', () => groups('--delete', '--group', own('group'))),
  step('delete records', async () => {
    const file = join(folder, 'offsets.json');
    const partitions = [{ topic: own('transactions'), partition: 0, offset: 50 }];
    writeFileSync(file, JSON.stringify({ partitions, version: 1 }));
    return run('org.apache.kafka.tools.DeleteRecordsCommand', [...at, '--offset-json-file', file]);
  }),
]);
await step('delete topics', async () => {
  await topics('--delete', '--topic', `${own('')}.*`);
  return lines(await topics('--list')).filter((topic) => topic.startsWith(own('')));
});
rmSync(folder, { recursive: true, force: true });
