import type { JobManager } from './job-manager.js';

/** What Flink counts for one figure of a step over its subtasks. */
interface Counted {
  readonly id: string;
  readonly min?: number | bigint | string;
  readonly max?: number | bigint | string;
  readonly sum?: number | bigint | string;
}

/** Figures of a step by their names: `Calc[2].numRecordsIn`, `busyTimeMsPerSecond`. */
export type StepValues = ReadonlyMap<string, Counted>;

/** Of the hundreds that there are. */
const WANTED = [
  /^(busy|backPressured)TimeMsPerSecond$/,
  /^num(Records|LateRecords)(In|Out|Dropped)(PerSecond)?$/,
  /\.num(RecordsIn|RecordsOut|LateRecordsDropped)$/,
  /\.numRecords(In|Out)PerSecond$/,
  /\.currentOutputWatermark$/,
  /latency_p99$/,
];
/** An address has an end, and Flink takes 4,096 characters of it. */
const LONGEST = 3000;

/**
 * Asks for the figures of a step: Flink gathers them when they are first asked for, so the first ones may be missing.
 *
 * @param path of the step: `/jobs/JOB/vertices/STEP`
 */
export async function stepValues(jobManager: JobManager, path: string): Promise<StepValues> {
  const all = (await jobManager.get(`${path}/subtasks/metrics`)) as readonly { id: string }[];
  const names = all.map(({ id }) => id).filter((name) => WANTED.some((pattern) => pattern.test(name)));
  const asked: Promise<unknown>[] = [];
  for (let i = 0; i < names.length; ) {
    const portion: string[] = [];
    for (let length = 0; i < names.length && length < LONGEST; i++) {
      const name = encodeURIComponent(names[i] as string);
      portion.push(name);
      length += name.length + 1;
    }
    asked.push(jobManager.get(`${path}/subtasks/metrics?get=${portion.join(',')}`));
  }
  const answers = (await Promise.all(asked)) as (readonly Counted[])[];
  return new Map(answers.flat().map((one) => [one.id, one]));
}

/** A figure; `undefined` where Flink has none, or has no number. */
export function figureIn(values: StepValues, name: string, how: 'min' | 'max' | 'sum' = 'sum'): number | undefined {
  const made = Number(values.get(name)?.[how]);
  return Number.isFinite(made) ? made : undefined;
}
