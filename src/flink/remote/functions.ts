import { resolve } from 'node:path';
import { SQL_JS } from '../../table/flink-sql/functions/names.js';
import { ClusterRefusal, FlinkError } from '../errors.js';
import type { GatewaySession } from '../gateway/session.js';

/** The classes of flink-js/ behind the functions that are called in statements. */
const CLASSES = {
  scalar: 'JsScalar',
  volatileScalar: 'JsVolatileScalar',
  table: 'JsTable',
  volatileTable: 'JsVolatileTable',
} as const satisfies Record<keyof typeof SQL_JS, string>;

/**
 * Makes the functions known to a session that functions of TypeScript are called through.
 *
 * @param jar the jar with them, as the gateway finds it: a path, or an address; without one Flink has to have it already
 * @throws ClusterRefusal where Flink does not have it
 */
export async function registerFunctions(session: GatewaySession, jar: string | undefined): Promise<void> {
  const using = jar === undefined ? '' : ` USING JAR '${addressOf(jar).replaceAll("'", "''")}'`;
  try {
    for (const kind of Object.keys(CLASSES) as (keyof typeof CLASSES)[]) {
      const name = SQL_JS[kind];
      await session.configure(
        `CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS ${name} AS 'dev.streambook.js.${CLASSES[kind]}'${using}`,
      );
    }
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    throw new ClusterRefusal(
      jar === undefined
        ? 'this cluster cannot run functions of TypeScript: it has no jar for them'
        : `this cluster cannot run functions of TypeScript with the jar ${jar}: ${error.message}`,
      {
        hint:
          jar === undefined
            ? '`streambook cluster functions-jar` builds it and prints its path: copy it into the lib folder of Flink, or name it, as the SQL Gateway finds it, by cluster(url, { functionsJar }) or STREAMBOOK_FUNCTIONS_JAR'
            : 'the path is looked up by the SQL Gateway, on its machine; `streambook cluster functions-jar` builds the jar and prints its path',
        cause: error,
      },
    );
  }
}

/** The jar that is to be sent along, if any: the one given, or the one of `STREAMBOOK_FUNCTIONS_JAR`. */
export function functionsJarNamed(given?: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = given ?? env.STREAMBOOK_FUNCTIONS_JAR?.trim();
  return named === '' ? undefined : named;
}

/** An address as it is; a path as one: not encoded, for Flink takes `%20` for three signs. */
function addressOf(jar: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(jar)) return jar;
  const path = jar.startsWith('/') ? jar : resolve(jar).replaceAll('\\', '/');
  return `file://${path.startsWith('/') ? '' : '/'}${path}`;
}
