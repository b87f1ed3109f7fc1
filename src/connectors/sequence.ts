import { ArgumentError } from '../core/errors.js';
import { BATCH_SIZE, END_OF_INPUT, type Source } from '../engine/source.js';
import { positionsFor } from './positions.js';

/** From, and up to but not including. */
type Range = readonly [from: number, end: number];

/** What is left to a subtask, in order, and where the whole sequence ended when it was written. */
interface SequencePosition {
  readonly ranges: readonly Range[];
  readonly to: number;
}

/** The integers from `from` to `to`, both included; each subtask takes its share. */
export function sequenceSource(from: number, to: number): Source<number> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    throw new ArgumentError(`fromSequence(${from}, ${to}): both must be integers`);
  }
  // Flink: "Start of sequence must not be greater than the end".
  if (from > to) throw new ArgumentError(`fromSequence(${from}, ${to}): the start is greater than the end`);
  return {
    name: 'Sequence Source',
    bounded: true,
    createReader: ({ subtask, parallelism, restored }) => {
      const mine = restored as SequencePosition | undefined;
      const left = [...(mine?.ranges ?? share([[from, to + 1]], parallelism)[subtask] ?? [])];
      return {
        poll: () => {
          while (left[0] !== undefined && left[0][0] >= left[0][1]) left.shift();
          const [first] = left;
          if (first === undefined) return END_OF_INPUT;
          const [next, end] = first;
          const stop = Math.min(end, next + BATCH_SIZE);
          const values: number[] = [];
          for (let n = next; n < stop; n++) values.push(n);
          left[0] = [stop, end];
          return { values };
        },
        position: (): SequencePosition => ({ ranges: left.filter(([next, end]) => next < end), to }),
      };
    },
    redistribute: (positions, parallelism) => {
      const before = positionsFor<SequencePosition>('Sequence Source', positions, ({ ranges }) =>
        Array.isArray(ranges),
      );
      const known = Math.max(...before.map((position) => position.to));
      // A sequence that is longer now goes on behind its former end.
      const ranges = before.flatMap((position) =>
        position.ranges.map(([next, end]): Range => [next, Math.min(end, to + 1)]),
      );
      ranges.push([Math.max(from, known + 1), to + 1]);
      return share(ranges, parallelism).map((mine): SequencePosition => ({ ranges: mine, to }));
    },
  };
}

/** Cuts ranges into as many shares of equal size, in order. */
function share(ranges: readonly Range[], parallelism: number): Range[][] {
  const filled = ranges.filter(([from, end]) => from < end).sort(([a], [b]) => a - b);
  const total = filled.reduce((sum, [from, end]) => sum + end - from, 0);
  return Array.from({ length: parallelism }, (_, subtask) => {
    let skip = Math.floor((total * subtask) / parallelism);
    let take = Math.floor((total * (subtask + 1)) / parallelism) - skip;
    const mine: Range[] = [];
    for (const [from, end] of filled) {
      const first = from + skip;
      skip = Math.max(0, skip - (end - from));
      const last = Math.min(end, first + take);
      if (first >= last) continue;
      mine.push([first, last]);
      take -= last - first;
    }
    return mine;
  });
}
