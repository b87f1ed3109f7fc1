/** What an exception of Java says, to somebody who has not met it yet, and what to do. */
export interface FailureWords {
  readonly says: string;
  readonly hint?: string;
}

type Known = readonly [exception: RegExp, message: RegExp, words: (found: RegExpMatchArray) => FailureWords];

const KNOWN: readonly Known[] = [
  [/ArithmeticException$/, /by zero/, () => ({ says: 'a whole number was divided by zero' })],
  [
    /NumberFormatException$/,
    /^(?:For input string: )?(.*)$/s,
    ([, text]) => ({ says: `a text is no number: ${text}`, hint: 'TRY_CAST gives NULL for what is no number' }),
  ],
  [
    /UnknownTopicOrPartitionException$/,
    /.*/,
    () => ({ says: 'the topic does not exist in this Kafka', hint: 'create it first, or look at its name' }),
  ],
  [
    /kafka\..*TimeoutException$/,
    /node assignment|metadata/i,
    () => ({
      says: 'Kafka did not answer',
      hint: "'properties.bootstrap.servers' must be an address that the cluster's machines can reach",
    }),
  ],
  [
    /./,
    /TaskManager.*(no longer reachable|timed out|lost)|heartbeat.*timed out|Connection unexpectedly closed by remote task manager/is,
    () => ({
      says: 'a TaskManager went away',
      hint: 'with checkpoints on, Flink starts the job again by itself as soon as there are slots',
    }),
  ],
  [
    /NoResourceAvailableException$/,
    /.*/,
    () => ({
      says: 'there was no free slot for the job',
      hint: 'all slots of the cluster are taken: cancel a job (cluster.jobs()), or add a TaskManager',
    }),
  ],
  [
    /OutOfMemoryError$/,
    /(heap|metaspace)?/i,
    ([, what]) => ({
      says: /metaspace/i.test(what ?? '')
        ? 'the TaskManager has no room for more classes'
        : 'the TaskManager ran out of memory',
      hint: '`streambook cluster start --memory MB` gives it more',
    }),
  ],
  [
    /CheckpointException$/,
    /Blocking output edge/,
    () => ({ says: 'a job in batch mode has no savepoints', hint: "SET 'execution.runtime-mode' = 'streaming'" }),
  ],
  [
    /CheckpointException$/,
    /Not all required tasks are currently running/,
    () => ({ says: 'not all of its tasks run at this moment', hint: 'try again when they do: figures() says which' }),
  ],
  [
    /CheckpointException$/,
    /IO-problem detected/,
    () => ({ says: 'its folder could not be written to', hint: 'it must be open to all machines of the cluster' }),
  ],
  [
    /./,
    /Cannot find checkpoint or savepoint file\/directory '(.*)' on/,
    ([, path]) => ({
      says: `there is no savepoint ${path}`,
      hint: 'job.savepoint() and job.stop() say where theirs is',
    }),
  ],
  [
    /./,
    /Cannot map checkpoint\/savepoint state for operator/,
    () => ({
      says: 'the savepoint has state that this program has no place for',
      hint: "go on with the program it is from; SET 'execution.state-recovery.ignore-unclaimed-state' = 'true' leaves such state out",
    }),
  ],
  [
    /./,
    /Exceeded checkpoint tolerable failure threshold/,
    () => ({
      says: 'checkpoints failed too often',
      hint: 'the JobManager\'s log and its Web UI ("Checkpoints") say why',
    }),
  ],
  [
    /./,
    /Failed to deserialize (JSON|CSV row) '(.*)'/s,
    ([, format, text]) => ({
      says: `what was read is no ${format === 'JSON' ? 'JSON' : 'CSV'} of the table's columns: ${text}`,
      hint: `'${format === 'JSON' ? 'json' : 'csv'}.ignore-parse-errors' = 'true' leaves such rows out`,
    }),
  ],
  [
    /FileNotFoundException$|NoSuchFileException$/,
    /^(.*)$/s,
    ([, path]) => ({ says: `the cluster finds no such file: ${path}`, hint: 'it must be where the TaskManagers run' }),
  ],
];

/**
 * An exception in words; `undefined` for one that is not known, which speaks for itself.
 *
 * @param exception its class
 */
export function failureWords(exception: string, message: string): FailureWords | undefined {
  for (const [ofClass, ofMessage, words] of KNOWN) {
    if (!ofClass.test(exception)) continue;
    const found = ofMessage.exec(message);
    if (found !== null) return words(found);
  }
  return undefined;
}
