import type { Rel } from '../plan/rel.js';

/** The plan as Flink's `== Abstract Syntax Tree ==` prints it. */
export const abstractPlanText: (rel: Rel) => string = () => {
  throw new Error('being written');
};
