import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { Gateway } from '../../src/flink/gateway/gateway.js';
import type { GatewaySession } from '../../src/flink/gateway/session.js';
import { stopLocalCluster } from '../../src/flink/local/control.js';
import { functionsJar } from '../../src/flink/local/functions-jar.js';
import { javaVersionIn } from '../../src/flink/local/java.js';
import { javaProgram, run } from '../../src/flink/local/programs.js';
import { startLocalCluster } from '../../src/flink/local/start.js';
import { readState } from '../../src/flink/local/state.js';
import { registerFunctions } from '../../src/flink/remote/functions.js';
import { type Cluster, cluster, type Program, scalarFunction, type } from '../../src/index.js';

const gateway = inject('gateway');
const java = javaVersionIn((await run(javaProgram(process.env), ['-version'])).output) ?? 0;
const LONG = Number(process.env.STREAMBOOK_MANY_ROWS ?? 0) >= 1_000_000;
const patient = { timeout: 60_000, interval: 100 };

const INT = type.int();
const increments: Program = (t) => {
  t.createTemporarySystemFunction(
    'inc',
    // What SQL cannot say, so that it travels as JavaScript.
    scalarFunction({ accepts: [INT], returns: INT }, (n) => (n === null ? null : JSON.parse(`[${n}]`)[0] + 1)),
  );
  return t.sqlQuery('SELECT inc(n) AS m FROM (VALUES (1), (41), (CAST(NULL AS INT))) AS v(n)');
};
const endless =
  (settings: Readonly<Record<string, string>>): Program =>
  (t) => {
    for (const [key, value] of Object.entries(settings)) t.config.set(key, value);
    t.createTemporarySystemFunction(
      'endless',
      scalarFunction({ accepts: [INT], returns: INT }, (n) => {
        const all = [n];
        while (all.length > 0) all[0] = n;
        return 1;
      }),
    );
    return t.sqlQuery('SELECT endless(n) AS m FROM (VALUES (1)) AS v(n)');
  };

async function incremented(flink: Cluster): Promise<unknown[]> {
  const rows = await (await flink.execute(increments)).rows();
  return rows.map(({ m }) => m).sort();
}

describe.skipIf(gateway === '')('the jar for functions of TypeScript', () => {
  let flink: Cluster;
  let session: GatewaySession;
  const folder = mkdtempSync(join(tmpdir(), 'streambook functions '));
  beforeAll(async () => {
    flink = await cluster(gateway);
    session = await (await Gateway.connect(gateway)).openSession();
    await registerFunctions(session, undefined);
  });
  afterAll(async () => {
    await session?.close();
    await flink?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function answer(sql: string): Promise<unknown[]> {
    const rows: unknown[] = [];
    for await (const page of (await session.submit(sql)).pages()) {
      for (const { fields } of page.results?.data ?? []) rows.push(fields);
    }
    return rows.map((fields) => JSON.parse(JSON.stringify(fields, (_, v) => (v?.isLosslessNumber ? Number(v) : v))));
  }

  it('gives values of all types to Flink', async () => {
    const calls: [string, string, unknown][] = [
      ['TINYINT', '() => 127n', 127],
      ['SMALLINT', '() => -32768', -32768],
      ['DECIMAL(10, 2)', '() => 1.005', 1.01],
      ['TIME(3)', "() => '12:30:15.5'", '12:30:15'],
      ['BYTES', '() => new Uint8Array([0, 255])', 'AP8='],
      ['TIMESTAMP(9)', "() => '2024-05-01 12:30:00.123456789'", '2024-05-01T12:30:00.123456789'],
      ['TIMESTAMP_LTZ(3)', '() => Timestamp.ofMs(5)', '1970-01-01T00:00:00.005Z'],
      ['INTERVAL DAY TO SECOND', '() => 90000', 90_000],
      ['MULTISET<STRING>', "() => new Map([['a', 2]])", { a: 2 }],
      ['ROW<a INT, b ARRAY<DATE>>', "() => ({ b: ['2024-02-29', null] })", { a: null, b: ['2024-02-29', null] }],
      [
        'STRING',
        '() => new Date(2024, 0, 1).toISOString() + [1.5, 1e6].map((n) => n.toLocaleString())',
        '2024-01-01T00:00:00.000Z1.5,1,000,000',
      ],
      [
        'STRING',
        '() => typeof require + typeof process + typeof Java + typeof load + typeof Polyglot',
        'undefined'.repeat(5),
      ],
    ];
    const text = ([of, source]: [string, string, unknown]): string => `js('${of}', '${source.replaceAll("'", "''")}')`;
    const [row] = await answer(`SELECT ${calls.map(text).join(', ')}`);
    expect(row).toEqual(calls.map(([, , expected]) => expected));
  });

  it('takes no other types', async () => {
    const message = (sql: string): Promise<string> =>
      answer(sql).then(String, (error: Error & { hint?: string }) => `${error.message} ${error.hint ?? ''}`);
    expect(await message("SELECT js('NOPE', 'x => x', 1)")).toContain('Invalid function call');
    expect(await message("SELECT js('INT', s, 1) FROM (VALUES ('x')) AS v(s)")).toContain('are literals');
    expect(await message("SELECT * FROM LATERAL TABLE(js_table('INT', '() => [1]')) AS t(a)")).toContain(
      'its type is ROW<...>, and not INT',
    );
    expect(await message("SELECT js('INT', '42')")).toContain('the source is no function');
    expect(await message("SELECT js('INT', '(x) => x x', 1)")).toMatch(/SyntaxError.*\n {2}line 1, column 10/);
    expect(await message("SELECT js('TINYINT', '//@ f\n() => 128')")).toContain('the result of f: 128 is no TINYINT');
    expect(await message("SELECT js('INT NOT NULL', '() => null')")).toContain('null is no INT NOT NULL');
  });

  it('calls nothing while planning, also where all operands are constants', async () => {
    const plan = String(await answer("EXPLAIN SELECT js('INT', 'x => x + 1', 41), js_volatile('INT', '() => 1')"));
    expect(plan).toContain("js(_UTF-16LE'INT', _UTF-16LE'x => x + 1', 41)");
    expect(await answer("SELECT js('INT', 'x => x + 1', 41)")).toEqual([[42]]);
  });

  it('ends a call that does not end', async () => {
    const program = endless({ 'pipeline.global-job-parameters': 'streambook.functions.timeout-ms:1000' });
    const failed = await flink
      .execute(program)
      .then((result) => result.rows())
      .catch((error: Error) => error);
    expect(String(failed)).toMatch(
      /endless did not come to an end within 1000 ms\n {2}line \d.*\n {2}called with \(1\)/,
    );
  });

  it.each([
    ['bit by bit', 'n => { const all = []; for (;;) all.push([n, n]); }'],
    ['at once', "n => 'x'.repeat(2 ** 29)"],
  ])('ends a call that takes all memory %s', async (_, source) => {
    const failed = await answer(`SELECT js('STRING', '//@ hog\n${source.replaceAll("'", "''")}', 1)`).catch(String);
    expect(failed).toMatch(/hog takes more memory than the TaskManager has \(\d+ MB for all of its jobs\)/);
    await vi.waitFor(async () => expect((await flink.overview()).freeSlots).toBe(4), patient);
  });

  it('has room for hundreds of calls in a task', async () => {
    const calls = Array.from({ length: 800 }, (_, i) => `js('INT', '(n) => n + ${i}', n)`);
    const [row] = await answer(`SELECT ${calls.join(', ')} FROM (VALUES (1)) AS v(n)`);
    expect(row).toEqual(calls.map((_, i) => 1 + i));
  });

  const places: [string, string][] = [
    ['a loop', '() => { for (;;); }'],
    // Nothing in the engine looks whether this is to end, and newer releases of Java cannot stop it.
    ...(java < 20
      ? ([['a long multiplication', '() => Number((3n ** 400_000_000n) % 7n)']] as [string, string][])
      : []),
  ];
  it.each(places)('lets a job be cancelled in the middle of %s', async (_, source) => {
    await session.configure("SET 'pipeline.global-job-parameters' = 'streambook.functions.timeout-ms:600000'");
    const before = new Set((await flink.jobs()).map(({ id }) => id));
    const waiting = answer(`SELECT js('INT', '${source}')`).catch((error: Error) => error);
    const find = async () => (await flink.jobs()).find(({ id }) => !before.has(id));
    // Not the status of the job, which runs before its tasks do.
    const tasks = async () => {
      const response = await fetch(`${inject('jobManager')}/jobs/${(await find())?.id}`);
      return ((await response.json()) as { vertices?: { status: string }[] }).vertices?.map(({ status }) => status);
    };
    await vi.waitFor(async () => expect(new Set(await tasks())).toEqual(new Set(['RUNNING'])), patient);
    await (await find())?.cancel();
    await waiting;
    await vi.waitFor(async () => {
      const { slots, freeSlots } = await flink.overview();
      expect([slots, freeSlots]).toEqual([4, 4]);
    }, patient);
    expect(await (await find())?.status()).toBe('CANCELED');
    await session.configure("RESET 'pipeline.global-job-parameters'");
  });

  it('travels with the statement where it is named', async () => {
    const jar = join(folder, 'a jar', 'functions.jar');
    mkdirSync(join(folder, 'a jar'));
    copyFileSync(await functionsJar(), jar);
    const named = await cluster(gateway, { functionsJar: jar });
    expect(await incremented(named)).toEqual([2, 42, null]);
    await named.close();
    const wrong = await cluster(gateway, { functionsJar: join(folder, 'nowhere.jar') });
    await expect(incremented(wrong)).rejects.toThrow(/cannot run functions of TypeScript with the jar .*nowhere\.jar/);
    await wrong.close();
  });
});

describe.skipIf(gateway === '' || !LONG)('a cluster without the jar for functions of TypeScript', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streambook-no-functions-'));
  const stateFile = join(folder, 'cluster.json');
  const { TZ } = process.env;
  let address = '';
  beforeAll(async () => {
    // Somewhere else on earth: no value may change.
    process.env.TZ = 'Asia/Tokyo';
    const ports = { gatewayPort: 0, webPort: 0, kafka: false };
    const version = inject('flinkVersion');
    const state = await startLocalCluster({
      version,
      folder: join(folder, 'c'),
      stateFile,
      functions: false,
      ...ports,
    });
    address = state.gateway;
  });
  afterAll(async () => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
    await stopLocalCluster(stateFile);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('says what to do', async () => {
    const flink = await cluster(address);
    await expect(incremented(flink)).rejects.toThrow(/it has no jar for them[\s\S]*streambook cluster functions-jar/);
    await flink.close();
  });

  it('is sent a hundred jobs with it, in 256 MB for classes', { timeout: 1_800_000 }, async () => {
    process.env.STREAMBOOK_FUNCTIONS_JAR = await functionsJar();
    const flink = await cluster(address);
    const taskManager = readState(stateFile)?.members.find(({ name }) => name.startsWith('taskmanager'))?.pid ?? 0;
    for (let job = 0; job < 100; job++) expect(await incremented(flink)).toEqual([2, 42, null]);
    delete process.env.STREAMBOOK_FUNCTIONS_JAR;
    // It runs: a machine out of memory would have ended.
    expect(() => process.kill(taskManager, 0)).not.toThrow();
    await flink.close();
  });
});
