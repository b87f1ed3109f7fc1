import { builtCli } from '../../broker/support/built.js';

const ROOMS = ['core', 'wire', 'engine', 'formats', 'kafka', 'connectors', 'datastream', 'table', 'cli'];

/** An executable `streambook` of which `sql` on the engine in this process works. */
export function builtSql(): Promise<string> {
  return builtCli(ROOMS);
}
