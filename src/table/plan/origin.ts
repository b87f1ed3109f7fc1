/** The text that a query or an INSERT was made from. */
export interface Origin {
  readonly sql: string;
}

const origins = new WeakMap<object, Origin>();

/** Remembers which text a plan was made from, so that another engine can be sent the very words. */
export function withOrigin<P extends object>(plan: P, sql: string): P {
  origins.set(plan, { sql });
  return plan;
}

/** The text that a plan was made from; `undefined` for one that was made by methods. */
export function originOf(plan: object): Origin | undefined {
  return origins.get(plan);
}
