// Those of queries count from 0 upwards.
let last = -1;

/** A number for a step that gives rows for each row of another; no other step has it. */
export function nextCorrelation(): number {
  return --last;
}
