import { afterEach, describe, expect, it } from 'vitest';
import { ClusterJob } from '../../../src/flink/jobs/cluster-job.js';
import { JobManager } from '../../../src/flink/jobs/job-manager.js';
import { FakeServer, type Reply } from '../fake-server.js';

const ID = '0123456789abcdef0123456789abcdef';
const trace = (text: string): Reply => ({ status: 500, json: { errors: ['Internal server error.', text] } });
const unknown = `<Exception on server side:
org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (${ID})
\tat org.apache.flink.runtime.dispatcher.Dispatcher.requestJobStatus(Dispatcher.java:897)
End of exception on server side>`;
const noCheckpoints = {
  status: 404,
  json: {
    errors: [
      'org.apache.flink.runtime.rest.handler.RestHandlerException: Checkpointing has not been enabled.\n\tat org.apache.flink.X',
    ],
  },
};

describe('a job of a cluster', () => {
  let server: FakeServer;
  afterEach(() => server.stop());

  async function jobOf(answers: Readonly<Record<string, Reply>>): Promise<ClusterJob> {
    server = await FakeServer.start(({ path }) => {
      const found = Object.keys(answers).find((end) => path.endsWith(end));
      return found === undefined ? { status: 404, json: { errors: [] } } : (answers[found] as Reply);
    });
    return new ClusterJob(new JobManager(server.url), ID, 'counting', new Date(0));
  }

  /** Asks for a savepoint of a job in this state, which ends as Flink says. */
  const savepointOf = (state: string, stackTrace: string): Promise<ClusterJob> =>
    jobOf({
      [`${ID}/status`]: { json: { status: state } },
      [`${ID}/savepoints`]: { json: { 'request-id': 'r' } },
      '/savepoints/r': {
        json: { status: { id: 'COMPLETED' }, operation: { 'failure-cause': { 'stack-trace': stackTrace } } },
      },
    });

  it('in batch mode has figures, and no checkpoints', async () => {
    const job = await jobOf({
      [`/jobs/${ID}`]: { json: { state: 'RUNNING', duration: 5, vertices: [], plan: { nodes: [] } } },
      '/status': { json: { status: 'FINISHED' } },
      '/checkpoints': noCheckpoints,
      numRestarts: { json: [] },
    });
    const figures = await job.figures();
    expect(figures.checkpoints).toMatchObject({ completed: 0, failed: 0, lastPath: undefined, bytesOfSteps: {} });
    // As it is now, whatever Flink remembers of the whole.
    expect(figures.state).toBe('FINISHED');
  });

  it('that nobody knows any more is said to be, whatever is asked', async () => {
    const job = await jobOf({
      '/status': trace(unknown),
      'mode=cancel': {
        status: 404,
        json: {
          errors: ['org.apache.flink.runtime.rest.handler.RestHandlerException: Job could not be found.\n\tat x'],
        },
      },
      '/exceptions': {
        status: 404,
        json: { errors: [`org.apache.flink.runtime.rest.NotFoundException: Job ${ID} not found\n\tat x`] },
      },
    });
    for (const asked of [job.status(), job.cancel(), job.exceptions(), job.wait()]) {
      await expect(asked).rejects.toMatchObject({
        code: 'job-not-found',
        message: expect.stringContaining(`no job ${ID}\n`),
      });
    }
  });

  it('that has ended has no savepoint any more', async () => {
    const cause = `org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (${ID})\n\tat x`;
    await expect((await savepointOf('FINISHED', cause)).savepoint()).rejects.toMatchObject({
      code: 'savepoint-failed',
      message: `[streambook/savepoint-failed] no savepoint: the job has ended already (FINISHED)\n  at job ${ID}`,
    });
  });

  it.each([
    ['Blocking output edge exists in running tasks.', 'a job in batch mode has no savepoints', /streaming/],
    ['... Not all required tasks are currently running.', 'not all of its tasks run', /try again/],
    ['An Exception occurred. IO-problem detected.', 'its folder could not be written to', /all machines/],
  ])('says why there is no savepoint: %s', async (flink, says, hint) => {
    const cause = `org.apache.flink.runtime.checkpoint.CheckpointException: ${flink}\n\tat x`;
    const error = (await savepointOf('RUNNING', cause)).savepoint();
    await expect(error).rejects.toMatchObject({ code: 'savepoint-failed', hint: expect.stringMatching(hint) });
    await expect(error).rejects.toThrow(`no savepoint: ${says}`);
  });
});
