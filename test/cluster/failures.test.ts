import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { isStreambookError } from '../../src/core/errors.js';
import { killTaskManager, startTaskManager, statusOf, stopLocalCluster } from '../../src/flink/local/control.js';
import { kill } from '../../src/flink/local/process.js';
import { startLocalCluster } from '../../src/flink/local/start.js';
import type { ClusterState } from '../../src/flink/local/state.js';
import { type Cluster, cluster, type Program } from '../../src/index.js';

const available = inject('gateway') !== '';
const LONG = Number(process.env.STREAMBOOK_MANY_ROWS ?? 0) >= 1_000_000;
const patient = { timeout: 90_000, interval: 200 };

const ticks =
  (settings: Readonly<Record<string, string>> = {}): Program =>
  (t) => {
    for (const [key, value] of Object.entries(settings)) t.config.set(key, value);
    t.executeSql("CREATE TABLE ticks (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '200')");
    return t.sqlQuery('SELECT n FROM ticks');
  };

/** A connection that can be cut. */
class Wire {
  private readonly sockets = new Set<Socket>();
  private constructor(private readonly server: Server) {}

  static async to(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url);
    const server: Server = createServer((near) => {
      const far = connect(Number(port), hostname);
      for (const socket of [near, far]) {
        wire.sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => wire.sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
    const wire: Wire = new Wire(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return wire;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }
  /** Connections break, and can be made again. */
  blink(): void {
    for (const socket of this.sockets) socket.destroy();
  }
  /** Nothing comes through any more, and nobody is told. */
  silence(): void {
    for (const socket of this.sockets) socket.pause().unpipe();
    this.server.removeAllListeners('connection').on('connection', (near: Socket) => {
      this.sockets.add(near);
      near.on('error', () => {});
    });
  }
  cut(): void {
    this.server.close();
    this.blink();
  }
}

describe.skipIf(!available)('when something of the cluster breaks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streambook-failures-'));
  const stateFile = join(folder, 'cluster.json');
  let state: ClusterState;
  let flink: Cluster;

  beforeAll(async () => {
    const version = inject('flinkVersion');
    const at = {
      folder: join(folder, 'cluster'),
      stateFile,
      gatewayPort: 0,
      webPort: 0,
      kafka: false,
      slots: 2,
      heapMb: 384,
    };
    state = await startLocalCluster({ version, ...at });
    flink = await cluster(state.gateway);
  });
  afterAll(async () => {
    await flink?.close();
    await stopLocalCluster(stateFile);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function allSlotsFree(): Promise<void> {
    const overview = new URL('/overview', state.jobManager);
    await vi.waitFor(async () => {
      const now = (await (await fetch(overview)).json()) as Record<string, number>;
      expect(now['slots-total']).toBe(2);
      expect(now['slots-available']).toBe(2);
    }, patient);
  }

  /** Reads until the first rows are there. */
  async function reading(from: Cluster, program: Program) {
    const rows = (await from.execute(program))[Symbol.asyncIterator]();
    for (let i = 0; i < 20; i++) expect((await rows.next()).done).toBe(false);
    return rows;
  }

  async function errorOf(rows: AsyncIterator<object>): Promise<unknown> {
    try {
      while ((await rows.next()).done !== true);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  it('a query without checkpoints says that its TaskManager is gone', async () => {
    const rows = await reading(flink, ticks());
    await killTaskManager(stateFile);
    const error = await errorOf(rows);
    expect(isStreambookError(error, 'flink-job-failed')).toBe(true);
    expect(String(error)).toMatch(/TaskManager|taskmanager|Connection/i);
    await startTaskManager(stateFile);
    await allSlotsFree();
  });

  it('a query with checkpoints goes on with the next TaskManager', async () => {
    const settings = {
      'execution.checkpointing.interval': '300 ms',
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': '100',
      'restart-strategy.fixed-delay.delay': '200 ms',
    };
    const rows = await reading(flink, ticks(settings));
    await killTaskManager(stateFile);
    await startTaskManager(stateFile);
    // Results of a checkpoint come when it is complete: these are of after the restart.
    for (let i = 0; i < 1000; i++) expect((await rows.next()).done).toBe(false);
    await rows.return?.();
    await allSlotsFree();
  });

  it('a query whose connection is cut says so, and leaves no slot taken', async () => {
    const wire = await Wire.to(state.gateway);
    const far = await cluster(wire.url);
    const rows = await reading(far, ticks());
    wire.cut();
    expect(isStreambookError(await errorOf(rows), 'cluster-unreachable')).toBe(true);
    await far.close();
    await allSlotsFree();
  });

  it('a query whose connection is cut before it knows of a job leaves no slot taken', async () => {
    const wire = await Wire.to(state.gateway);
    const far = await cluster(wire.url);
    const before = (await flink.jobs()).length;
    const first = (await far.execute(ticks()))[Symbol.asyncIterator]().next();
    first.catch(() => {});
    await vi.waitFor(async () => expect((await flink.jobs()).length).toBeGreaterThan(before), patient);
    wire.cut();
    // Where the first page was quicker the rows go on to its end.
    await first.catch((error) => expect(isStreambookError(error, 'cluster-unreachable')).toBe(true));
    await far.close();
    await allSlotsFree();
  });

  it('a query that is left after its connection was cut leaves no slot taken', async () => {
    const wire = await Wire.to(state.gateway);
    const far = await cluster(wire.url);
    const rows = await reading(far, ticks());
    wire.cut();
    await rows.return?.();
    await far.close();
    await allSlotsFree();
  });

  it('a query whose connection breaks for a moment goes on, without a gap', async () => {
    const wire = await Wire.to(state.gateway);
    const far = await cluster(wire.url);
    const rows = (
      await far.execute((t) => {
        t.executeSql(`CREATE TABLE numbers (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '500',
          'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '100000')`);
        return t.sqlQuery('SELECT n FROM numbers');
      })
    )[Symbol.asyncIterator]();
    for (let i = 0; i < 600; i++) {
      expect((await rows.next()).value).toMatchObject({ n: i });
      if (i % 200 === 100) wire.blink();
    }
    await rows.return?.();
    await far.close();
    wire.cut();
    await allSlotsFree();
  });

  it('a query whose network falls silent says so, and leaves no slot taken', async () => {
    const wire = await Wire.to(state.gateway);
    const far = await cluster(wire.url, { timeoutMs: 2000 });
    const rows = await reading(far, ticks());
    wire.silence();
    const error = await errorOf(rows);
    expect(isStreambookError(error, 'cluster-unreachable')).toBe(true);
    expect(String(error)).toContain('did not answer within 2 s');
    await allSlotsFree();
    await far.close();
    wire.cut();
  });

  it('a query whose gateway is killed says so, and leaves no slot taken', async () => {
    const rows = await reading(flink, ticks());
    const gateway = (await statusOf(state)).find(({ name }) => name === 'gateway');
    kill(gateway?.pid as number);
    expect(isStreambookError(await errorOf(rows), 'cluster-unreachable')).toBe(true);
    await allSlotsFree();
  });

  // With a cluster of its own: nothing can run after it.
  it.skipIf(!LONG)('a query whose JobManager is killed says so', async () => {
    await stopLocalCluster(stateFile);
    const version = inject('flinkVersion');
    const at = { folder: join(folder, 'other'), stateFile, gatewayPort: 0, webPort: 0, kafka: false, heapMb: 384 };
    state = await startLocalCluster({ version, ...at });
    const other = await cluster(state.gateway);
    const rows = await reading(other, ticks());
    const inserted = await other.execute((t) => {
      ticks()(t);
      t.executeSql("CREATE TABLE nowhere (n INT) WITH ('connector' = 'blackhole')");
      return t.createStatementSet().addInsertSql('INSERT INTO nowhere SELECT n FROM ticks');
    });
    const jobManager = (await statusOf(state)).find(({ name }) => name === 'jobmanager');
    kill(jobManager?.pid as number);
    const error = await errorOf(rows);
    expect(isStreambookError(error, 'cluster-unreachable'), String(error)).toBe(true);
    expect(String(error)).toContain('JobManager');
    await expect(inserted.wait()).rejects.toMatchObject({ code: 'cluster-unreachable' });
  });
});
