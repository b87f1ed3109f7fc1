import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { packageRoot } from '../core/package-root.js';
import { clusterCommands } from './cluster-commands.js';
import type { DatasetsOptions } from './datasets.js';
import type { DoctorOptions } from './doctor.js';
import type { NotebooksOptions } from './notebooks/index.js';
import type { SubmissionsOptions } from './notebooks/submissions.js';
import type { SqlOptions } from './sql.js';

/** All commands, for help and for those that need not start in moments. Each is imported when it is called. */
export function program(): Command {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const streambook = new Command('streambook').description('Stream processing in TypeScript').version(version);
  streambook
    .command('broker')
    .description('a Kafka-protocol broker; prints one line `listening on HOST:PORT` when it is ready')
    .option('--port <n>', 'TCP port; 0 takes a free one', '9092')
    .option('--host <address>', 'address to listen on; anything but loopback opens the broker to others', '127.0.0.1')
    .option('--advertised <host:port>', 'what clients are told to connect to')
    .option('--data <folder>', 'folder that keeps the data, or `memory`', '.streambook/broker')
    .option('--flush <when>', 'os: as Kafka; always: fsync before each answer', 'os')
    .option('--partitions <n>', 'partitions of topics for which nobody says how many', '1')
    .option('--no-auto-create', 'do not create topics that clients ask for')
    .option('--no-fast-rebalance', 'a member whose connection drops stays until its session times out, as in Kafka')
    .option('--users <file>', 'ask clients for a name and password (SASL); the file holds hashed passwords')
    .option('--add-user <name>', 'add a user to --users, with the password read from standard input, and end')
    .option('--tls-key <file>', 'private key (PEM): encrypt all connections')
    .option('--tls-cert <file>', 'certificate (PEM) for --tls-key')
    .option('--max-connections <n>', 'connections at the same time', '10000')
    .option('--tls-ca <file>', 'let in only clients that show a certificate signed by one of these (PEM)')
    .option('--offsets-retention-minutes <n>', 'how long offsets of groups without members are kept', '10080')
    .option('--metrics-port <n>', 'serve metrics for Prometheus on 127.0.0.1; 0 takes a free port')
    .option('--verbose', 'say on standard error what happens to connections and files')
    .action(async () => {
      const { runBroker } = await import('./broker.js');
      await runBroker(process.argv.slice(3));
    });
  streambook
    .command('notebooks')
    .description('runs the notebooks in the real kernel and compares their outputs with the committed ones')
    .argument('[pattern]', 'a regular expression for the file name; all by default')
    .addOption(new Option('--lang <language>', 'the language of the notebooks').choices(['en', 'zh']).default('en'))
    .option('--update', 'writes the outputs into the notebooks instead of comparing them', false)
    .option('--fresh', 'with --update: also the outputs that differ only by what varies from run to run', false)
    .option('--blank', 'writes live-coding twins without answers into notebooks/blank, and runs nothing', false)
    .option('--jobs <n>', 'how many run at the same time', Number, 2)
    .option('--limit <seconds>', 'how long one cell may take', Number, 120)
    .option('--brokers <host:port>', 'a Kafka that is there, instead of a fresh embedded broker for each notebook')
    .action(async (pattern: string | undefined, options: NotebooksOptions) => {
      // In a package that was installed, neither the notebooks nor what runs them is there.
      if (!existsSync(join(packageRoot, 'src', 'cli', 'setup', 'paths.mjs'))) {
        console.error('streambook notebooks: this is for a clone of the project, which holds the notebooks');
        console.error('  hint: git clone the repository, then `npm start`');
        process.exit(2);
      }
      const { runNotebooks } = await import('./notebooks/index.js');
      process.exit(await runNotebooks(pattern, options));
    });
  streambook
    .command('submissions')
    .description("runs every notebook below a folder anew and writes what its exercises' checks find into a csv file")
    .argument('<folder>', 'the folder of submissions')
    .option('--csv <file>', 'the file to write; checks.csv in the folder by default')
    .option('--jobs <n>', 'how many run at the same time', Number, 2)
    .option('--limit <seconds>', 'how long one cell may take', Number, 60)
    .action(async (folder: string, options: SubmissionsOptions) => {
      const { runSubmissions } = await import('./notebooks/submissions.js');
      process.exit(
        await runSubmissions(folder, packageRoot, options).catch((error: unknown) => {
          console.error(error instanceof Error ? error.message : error);
          return 1;
        }),
      );
    });
  streambook
    .command('datasets')
    .description('makes data sets of the course, of any size and by seed')
    .argument('[names...]', 'data.csv, transaction_data_generated.csv, structure_data.csv; all by default')
    .option('--rows <n>', 'rows of each; the name of the file then says how many')
    .option('--seed <text>', 'another seed gives other rows')
    .option('--to <folder>', 'where to write them; datasets/ of the project by default')
    .action(async (names: string[], options: DatasetsOptions) => {
      const { runDatasets } = await import('./datasets.js');
      process.exit(await runDatasets(names, options));
    });
  streambook
    .command('sql')
    .description(
      'carries SQL statements out, on the engine in this process or a real Flink; with neither -e nor -f: a shell',
    )
    .option('-e, --execute <statements>', 'the statements, separated by semicolons')
    .option('-f, --file <file>', 'a file with statements')
    .option('-i, --init <file>', 'a file with statements to carry out first')
    .option('--cluster <url>', 'carry them out on a real Flink: the address of its SQL Gateway')
    .option(
      '--history <file>',
      'where the shell keeps statements; by default in .streambook/ of the project or of home',
    )
    .action(async (options: SqlOptions) => {
      const { runSql } = await import('./sql.js');
      process.exitCode = await runSql(options);
    });
  streambook
    .command('doctor')
    .description('looks at everything the course stands on, and says what to type where something is missing')
    .option('--json', 'prints data instead of text', false)
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import('./doctor.js');
      // What was looked at and gave no answer must not keep us.
      process.exit(await runDoctor(options));
    });
  clusterCommands(streambook.command('cluster'));
  return streambook;
}
