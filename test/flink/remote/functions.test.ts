import { describe, expect, it } from 'vitest';
import { FlinkError } from '../../../src/flink/errors.js';
import type { GatewaySession } from '../../../src/flink/gateway/session.js';
import { functionsJarNamed, registerFunctions } from '../../../src/flink/remote/functions.js';

async function registered(jar: string | undefined, fails = false): Promise<string[]> {
  const statements: string[] = [];
  const configure = async (statement: string): Promise<void> => {
    statements.push(statement);
    if (fails) throw new FlinkError('flink-error', 'no such class', { serverText: '' });
  };
  await registerFunctions({ configure } as unknown as GatewaySession, jar);
  return statements;
}

describe('functions of TypeScript in a session', () => {
  it('are those that Flink has, unless a jar is named', async () => {
    expect(await registered(undefined)).toEqual([
      "CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS js AS 'dev.streambook.js.JsScalar'",
      "CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS js_volatile AS 'dev.streambook.js.JsVolatileScalar'",
      "CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS js_table AS 'dev.streambook.js.JsTable'",
      "CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS js_table_volatile AS 'dev.streambook.js.JsVolatileTable'",
    ]);
    const [path] = await registered("/opt/it's here/f.jar");
    expect(path).toContain(" USING JAR 'file:///opt/it''s here/f.jar'");
    const [address] = await registered('s3://bucket/f.jar');
    expect(address).toContain(" USING JAR 's3://bucket/f.jar'");
  });

  it('are refused with the way out', async () => {
    await expect(registered(undefined, true)).rejects.toMatchObject({
      code: 'not-on-cluster',
      hint: expect.stringContaining('streambook cluster functions-jar'),
    });
    await expect(registered('/x.jar', true)).rejects.toThrow('with the jar /x.jar');
  });

  it('are in the jar that the call names, or the environment', () => {
    expect(functionsJarNamed('/a.jar', { STREAMBOOK_FUNCTIONS_JAR: '/b.jar' })).toBe('/a.jar');
    expect(functionsJarNamed(undefined, { STREAMBOOK_FUNCTIONS_JAR: ' /b.jar ' })).toBe('/b.jar');
    expect(functionsJarNamed(undefined, { STREAMBOOK_FUNCTIONS_JAR: ' ' })).toBeUndefined();
    expect(functionsJarNamed(undefined, {})).toBeUndefined();
  });
});
