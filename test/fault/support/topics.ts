import { openReader, send, topics } from '../../../src/kafka/index.js';
import { fresh } from '../../kafka/support/broker.js';
import { compare, type Difference, type InputEvent, type Kill, runKilling } from './driver.js';
import type { ProgramSettings } from './program.js';

/** What a program that reads one topic and writes another is run with. */
export interface TopicRun extends Pick<ProgramSettings, 'guarantee' | 'storage' | 'pauseMs'> {
  readonly program: string;
  readonly brokers: string;
  readonly partitions?: number;
  readonly list: readonly InputEvent[];
  /** The lines that shall be there in the end. */
  readonly expected: readonly string[];
  readonly killAt: () => Kill;
  readonly mostKills: number;
}

/** Runs a program from a new topic to another new one, killing it on the way, and tells what the second one lacks. */
export async function runBetweenTopics(run: TopicRun): Promise<Difference & { readonly kills: number }> {
  const { program, list, expected, killAt, mostKills, partitions, ...settings } = run;
  const { brokers } = run;
  const input = fresh('fault-in');
  const output = fresh('fault-out');
  const options = partitions === undefined ? { brokers } : { partitions, brokers };
  await topics.create(input, options);
  await topics.create(output, options);
  await send(input, [...list], { brokers }).done;
  const uid = fresh('fault');
  const { kills } = await runKilling(program, { kind: 'kafka', input, output, uid, ...settings }, killAt, mostKills);
  let difference = compare(await written(output, brokers), expected);
  // A commit is promised a moment before its last marker is there to be read.
  for (let i = 0; run.guarantee === 'exactly-once' && difference.lost > 0 && i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    difference = compare(await written(output, brokers), expected);
  }
  return { ...difference, kills };
}

async function written(topic: string, brokers: string): Promise<string[]> {
  const reader = await openReader({ topic, until: 'end', brokers });
  const all: string[] = [];
  for await (const { records } of reader) for (const record of records) all.push(String(record.value));
  reader.close();
  return all;
}
