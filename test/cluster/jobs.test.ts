import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { setKernelHook } from '../../src/core/kernel.js';
import { stopRunning } from '../../src/core/running.js';
import { type Cluster, type ClusterJob, cluster, type Program, show } from '../../src/index.js';

const gateway = inject('gateway');
const patient = { timeout: 60_000, interval: 200 };

/** Counts for ever, and keeps its count. */
const counting: Program = (t) => {
  t.config.set('execution.checkpointing.interval', '200 ms');
  t.config.set('pipeline.name', 'counting');
  t.executeSql(`CREATE TABLE clicks (k INT, ts AS LOCALTIMESTAMP, WATERMARK FOR ts AS ts) WITH (
    'connector' = 'datagen', 'rows-per-second' = '50', 'fields.k.min' = '0', 'fields.k.max' = '3')`);
  t.executeSql("CREATE TABLE nowhere (k INT, n BIGINT) WITH ('connector' = 'blackhole')");
  return t.createStatementSet().addInsertSql('INSERT INTO nowhere SELECT k, COUNT(*) FROM clicks GROUP BY k');
};

describe.skipIf(gateway === '')('jobs of a real Flink', () => {
  let flink: Cluster;
  beforeAll(async () => {
    flink = await cluster(gateway);
  });
  afterAll(async () => {
    for (const job of (await flink?.jobs()) ?? []) if ((await job.status()) === 'RUNNING') await job.cancel();
    await flink?.close();
  });

  async function started(savepoint?: string): Promise<ClusterJob> {
    const result = await flink.execute(counting, savepoint === undefined ? {} : { savepoint });
    const job = await flink.job(result.remoteJob?.id ?? '');
    await vi.waitFor(async () => expect(await job.status()).toBe('RUNNING'), patient);
    return job;
  }

  it('are seen, written down, stopped and gone on with', async () => {
    const job = await started();
    expect(job.name).toBe('counting');
    expect(job.webUi).toBe(`${await flink.webUi()}/#/job/running/${job.id}/overview`);
    await vi.waitFor(async () => {
      const { state, steps, checkpoints } = await job.figures();
      expect(state).toBe('RUNNING');
      expect(checkpoints.completed).toBeGreaterThan(0);
      expect(steps.map(({ name }) => name).join()).toContain('GroupAggregate');
      expect(steps.some(({ recordsIn }) => recordsIn > 0)).toBe(true);
      expect(steps.some(({ watermarkLagMs }) => watermarkLagMs !== undefined)).toBe(true);
      expect(steps.some(({ busy }) => busy !== undefined)).toBe(true);
    }, patient);
    expect(await job.savepoint()).toMatch(/^file:.*savepoint-/);
    const savepoint = await job.stop();
    expect(await job.status()).toBe('FINISHED');
    const again = await started(savepoint);
    await vi.waitFor(async () => expect((await again.figures()).checkpoints.restored).toBe(1), patient);
    await again.cancel();
    expect(await again.status()).toBe('CANCELED');
    await expect(again.wait()).rejects.toMatchObject({ code: 'job-cancelled' });
    expect(await again.exceptions()).toEqual([]);
  });

  it('are shown by the card of jobs, live', async () => {
    const texts: string[] = [];
    setKernelHook({
      currentCell: () => ({ id: 1, write: (bundle) => texts.push(String(bundle['text/plain'])) }),
    });
    try {
      const job = await started();
      const shown = show(job);
      await vi.waitFor(() => {
        const card = texts.at(-1) ?? '';
        expect(card).toMatch(/^job `counting`: running/);
        expect(card).toMatch(/Source: clicks +[\d,]+ +[1-9]/);
        expect(card).toMatch(/GroupAggregate +[1-9].*B/);
        expect(card).toMatch(/nowhere: Writer +[1-9]/);
        expect(card).toMatch(/[1-9]\d* checkpoints?, .*the last: /);
        expect(card).toContain(job.webUi);
      }, patient);
      await job.cancel();
      await shown;
      expect(texts.at(-1)).toMatch(/^job `counting`: cancelled after/);
      const other = await started();
      const endless = other.show();
      await vi.waitFor(() => expect(texts.at(-1)).toMatch(/: running/), patient);
      expect(await stopRunning()).toContain('job view');
      await endless;
      expect(await other.status()).toBe('RUNNING');
      await other.cancel();
    } finally {
      setKernelHook(undefined);
    }
  });

  it('say in words what made them fail', async () => {
    const result = await flink.execute((t) => {
      t.executeSql("CREATE TABLE nowhere (n INT) WITH ('connector' = 'blackhole')");
      return t.createStatementSet().addInsertSql('INSERT INTO nowhere SELECT 1 / (a - 1) FROM (VALUES (1)) AS v (a)');
    });
    await expect(result.wait()).rejects.toMatchObject({
      code: 'flink-job-failed',
      exception: 'java.lang.ArithmeticException',
    });
    const job = await flink.job(result.remoteJob?.id ?? '');
    expect((await job.exceptions())[0]).toMatch(
      /a whole number was divided by zero \(ArithmeticException: \/ by zero\)/,
    );
  });

  it('in batch mode have a card, and neither checkpoints nor savepoints', async () => {
    const result = await flink.execute((t) => {
      t.config.set('execution.runtime-mode', 'batch');
      t.executeSql(`CREATE TABLE many (k INT)
        WITH ('connector' = 'datagen', 'rows-per-second' = '50', 'number-of-rows' = '100000')`);
      t.executeSql("CREATE TABLE nowhere (k INT) WITH ('connector' = 'blackhole')");
      return t.createStatementSet().addInsertSql('INSERT INTO nowhere SELECT k FROM many');
    });
    const job = await flink.job(result.remoteJob?.id ?? '');
    await vi.waitFor(async () => expect((await job.figures()).state).toBe('RUNNING'), patient);
    expect((await job.figures()).checkpoints).toMatchObject({ completed: 0, failed: 0 });
    await expect(job.savepoint()).rejects.toMatchObject({ code: 'savepoint-failed' });
    await job.cancel();
    expect((await job.figures()).state).toBe('CANCELED');
    await expect(job.stop()).rejects.toThrow('no savepoint: the job has ended already (CANCELED)');
  });

  it('that are unknown are said to be', async () => {
    await expect(flink.job('00000000000000000000000000000000')).rejects.toMatchObject({ code: 'job-not-found' });
  });
});
