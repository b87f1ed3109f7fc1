/** The moments at which a test may have the process killed. */
export type FaultPoint =
  | 'before-fsync'
  | 'after-fsync'
  | 'control-record'
  | 'end-txn-sent'
  | 'end-txn-answered'
  | 'confirmed'
  | 'published';

let watcher: ((point: FaultPoint) => void) | undefined;

/** For fault tests: called at each of the moments. */
export function watchFaultPoints(watch: ((point: FaultPoint) => void) | undefined): void {
  watcher = watch;
}

/** Marks a moment at which a crash is most instructive. */
export function atFault(point: FaultPoint): void {
  watcher?.(point);
}
