/*
 * The program that is killed, in SQL: a topic -> one-second windows per key -> a topic, exactly once. Its settings come as
 * JSON in FAULT_PROGRAM.
 */
import { watchFaultPoints } from '../../../src/engine/checkpoint/fault-points.js';
import { scalarFunction, streamEnv, tableEnv, type } from '../../../src/index.js';
import type { ProgramSettings } from './program.js';

async function main(settings: ProgramSettings): Promise<void> {
  const { input, output, storage, uid, brokers, dieAt, pauseMs } = settings;
  let seen = 0;
  watchFaultPoints((point) => {
    if (point === dieAt?.point && ++seen === dieAt.count) process.kill(process.pid, 'SIGKILL');
  });
  const t = tableEnv({ streamEnv: streamEnv({ checkpointing: { intervalMs: 60, storage } }) });
  let count = 0;
  const slow = scalarFunction({ accepts: [type.int()], returns: type.int() }, (n) => {
    // A burst of work now and then: the run takes long enough to be killed in.
    if (++count % 200 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    return n;
  });
  t.createTemporarySystemFunction('SLOW', slow);
  t.executeSql(`CREATE TABLE events (key STRING, \`at\` BIGINT, n INT,
    ts AS TO_TIMESTAMP_LTZ(\`at\`, 3), WATERMARK FOR ts AS ts)
    WITH ('connector' = 'kafka', 'topic' = '${input}', 'properties.bootstrap.servers' = '${brokers}', 'format' = 'json',
      'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset')`);
  t.executeSql(`CREATE TABLE results (key STRING, \`start\` BIGINT, \`sum\` INT, \`count\` BIGINT)
    WITH ('connector' = 'kafka', 'topic' = '${output}', 'properties.bootstrap.servers' = '${brokers}', 'format' = 'json',
      'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = '${uid}')`);
  t.executeSql("SET 'execution.state-recovery.path' = 'latest'");
  await t
    .executeSql(`INSERT INTO results
      SELECT key, MIN(\`at\`) - MOD(MIN(\`at\`), 1000), SUM(SLOW(n)), COUNT(*)
      FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' SECOND))
      GROUP BY key, window_start, window_end`)
    .wait();
}

main(JSON.parse(process.env.FAULT_PROGRAM as string) as ProgramSettings).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
