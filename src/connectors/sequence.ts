import { ArgumentError } from '../core/errors.js';
import { BATCH_SIZE, END_OF_INPUT, type Source } from '../engine/source.js';

/** The integers from `from` to `to`, both included; each subtask takes its share. */
export function sequenceSource(from: number, to: number): Source<number> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    throw new ArgumentError(`fromSequence(${from}, ${to}): both must be integers`);
  }
  return {
    name: 'Sequence Source',
    bounded: true,
    createReader: ({ subtask, parallelism, restored }) => {
      const length = Math.max(0, to - from + 1);
      const end = from + Math.floor((length * (subtask + 1)) / parallelism);
      let next = typeof restored === 'number' ? restored : from + Math.floor((length * subtask) / parallelism);
      return {
        poll: () => {
          if (next >= end) return END_OF_INPUT;
          const values: number[] = [];
          for (const stop = Math.min(end, next + BATCH_SIZE); next < stop; next++) values.push(next);
          return { values };
        },
        position: () => next,
      };
    },
  };
}
