import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ClusterStartOptions } from './cluster.js';

/** Where `streambook cluster` keeps everything unless told. */
const DEFAULT_DATA = '.streambook/cluster';

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number is expected.');
}

const data = (): Option =>
  new Option('--data <folder>', 'settings, logs, checkpoints, savepoints').default(DEFAULT_DATA);

/** Declares `streambook cluster ...`. */
export function clusterCommands(cluster: Command): void {
  cluster.description('a real Flink with its SQL Gateway, and a real Kafka, on this machine (needs Java 17)');
  cluster
    .command('start')
    .description('starts them in the background, and prints their addresses')
    .addOption(new Option('--flink <version>', 'the release of Flink').choices(['1.20.3', '2.2.0']).default('1.20.3'))
    .option('--port <n>', 'of the SQL Gateway: 8083 or the next free one; 0 takes any', wholeNumber)
    .option('--web-port <n>', 'of the JobManager and its Web UI: 8081 or the next free one', wholeNumber)
    .option('--kafka-port <n>', 'of Kafka: 9092 or the next free one', wholeNumber)
    .option('--no-kafka', 'Flink alone')
    .option('--no-functions', 'without the jar for functions of TypeScript, which is built once')
    .option('--slots <n>', 'jobs take one each at parallelism 1', wholeNumber, 4)
    .option('--memory <mb>', 'heap of the TaskManager', wholeNumber, 512)
    .option('--conf <key=value...>', 'further settings of Flink')
    .addOption(data())
    .action(async (options: ClusterStartOptions) => {
      process.exitCode = await (await import('./cluster.js')).clusterStart(options);
    });
  cluster
    .command('stop')
    .description('ends all of it')
    .addOption(data())
    .action(async (options: { data: string }) => {
      process.exitCode = await (await import('./cluster.js')).clusterStop(options.data);
    });
  cluster
    .command('status')
    .description('says what runs, where, and how much memory it takes')
    .addOption(data())
    .action(async (options: { data: string }) => {
      process.exitCode = await (await import('./cluster.js')).clusterStatus(options.data);
    });
  cluster
    .command('functions-jar')
    .description('builds the jar for functions of TypeScript, once, and prints its path: for the lib folder of a Flink')
    .action(async () => {
      process.exitCode = await (await import('./cluster.js')).clusterFunctionsJar();
    });
  for (const what of ['kill', 'start'] as const) {
    cluster
      .command(`${what}-taskmanager`)
      .description(what === 'kill' ? 'ends the TaskManager as a crash would' : 'starts one in place of a killed one')
      .addOption(data())
      .action(async (options: { data: string }) => {
        process.exitCode = await (await import('./cluster.js')).clusterTaskManager(what, options.data);
      });
  }
}
