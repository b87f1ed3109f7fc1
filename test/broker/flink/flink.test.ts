import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { flinkJars } from '../clients/found/flink-jars.js';
import { until } from '../support/temp.js';
import { FlinkCluster } from './cluster.js';
import { type Job, Session } from './jobs.js';
import { Topics } from './topics.js';

const jars = await flinkJars();
if ('missing' in jars) console.log(`Flink: skipped, ${jars.missing}`);

const brokers = (['ours', 'real'] as const).filter((which) => inject(which) !== '');
const guarantees = ['at-least-once', 'exactly-once'] as const;

/*
 * A job of a real Flink reads numbers from one topic and writes them to another. However it ends and goes on, every
 * number must arrive; with `exactly-once` none may be visible twice.
 */
describe.skipIf('missing' in jars)('KafkaSource to KafkaSink', () => {
  let cluster: FlinkCluster;
  beforeAll(async () => {
    if ('folder' in jars) cluster = await FlinkCluster.start(jars.folder);
  });
  afterAll(() => cluster?.stop());

  describe.each(brokers)('%s', (which) => {
    describe.each(guarantees)('%s', (guarantee) => {
      it('a bounded job', () =>
        withTopics(`bounded-${guarantee}`, async (topics, session) => {
          await topics.feed(1000);
          await tables(session, topics, guarantee, { 'scan.bounded.mode': 'latest-offset' });
          const job = await session.start(COPY);
          await job.finished();
          check(await topics.results(), topics, 'exactly-once');
        }));

      it('a job whose TaskManager is killed', () =>
        withTopics(`killed-${guarantee}`, async (topics, session) => {
          await tables(session, topics, guarantee);
          topics.keepFeeding();
          const job = await session.start(COPY);
          for (let kill = 0; kill < 2; kill++) {
            await job.checkpoints(2);
            await cluster.killTaskManager();
            await job.checkpoints(2);
          }
          await topics.stopFeeding();
          check(await topics.results(), topics, guarantee);
          await groupCaughtUp(topics);
        }));

      it('a job that is cancelled and goes on from its last checkpoint', () =>
        withTopics(`cancelled-${guarantee}`, async (topics, session) => {
          await tables(session, topics, guarantee);
          topics.keepFeeding();
          let job: Job | undefined;
          for (let cancel = 0; cancel < 3; cancel++) {
            job = await session.start(COPY);
            await job.checkpoints(2);
            await session.run(`SET 'execution.state-recovery.path' = '${await job.cancel()}'`);
          }
          job = await session.start(COPY);
          await job.checkpoints(1);
          await topics.stopFeeding();
          check(await topics.results(), topics, guarantee);
          await groupCaughtUp(topics);
        }));
    });

    async function withTopics(name: string, test: (topics: Topics, session: Session) => Promise<void>): Promise<void> {
      const topics = await Topics.create(inject(which), name);
      const session = await Session.open(cluster);
      try {
        await test(topics, session);
      } finally {
        await session.close();
        await topics.close();
      }
    }
  });
});

const COPY = 'INSERT INTO target SELECT n FROM source';

async function tables(
  session: Session,
  { address, name, ...topics }: Topics,
  guarantee: (typeof guarantees)[number],
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const base = { connector: 'kafka', 'properties.bootstrap.servers': address, format: 'csv' };
  await session.run(
    table('source', {
      ...base,
      topic: topics.in,
      'properties.group.id': name,
      'scan.startup.mode': 'earliest-offset',
      ...more,
    }),
  );
  await session.run(
    table('target', {
      ...base,
      topic: topics.out,
      'sink.delivery-guarantee': guarantee,
      'sink.transactional-id-prefix': name,
      // Flink's own default of one hour is more than a broker's `transaction.max.timeout.ms`.
      'properties.transaction.timeout.ms': '60000',
      'sink.parallelism': '2',
    }),
  );
}

const table = (name: string, options: Readonly<Record<string, string>>): string =>
  `CREATE TEMPORARY TABLE ${name} (n BIGINT) WITH (${Object.entries(options)
    .map(([key, value]) => `'${key}' = '${value}'`)
    .join(', ')})`;

function check(results: number[], topics: Topics, guarantee: (typeof guarantees)[number]): void {
  const distinct = [...new Set(results)];
  if (guarantee === 'exactly-once') expect(results.length - distinct.length, 'visible twice').toBe(0);
  // Thousands of numbers one below the other would help nobody.
  expect(distinct.length).toBe(topics.numbers.length);
}

/** The source commits what a checkpoint holds: so the broker's group shows how far the job is. */
const groupCaughtUp = (topics: Topics): Promise<boolean> =>
  until(async () => (await topics.lag()) === 0, `the group of ${topics.name} at the end`);
