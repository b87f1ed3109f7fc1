import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClusterState } from '../../../src/flink/local/state.js';
import { getJson, isTaken } from '../../../src/lessons/doctor/ask.js';
import {
  dockerFinding,
  javaFinding,
  jobManager,
  ownCluster,
  sqlGateway,
} from '../../../src/lessons/doctor/checks/cluster.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json =
  (answer: unknown): RequestListener =>
  (_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));

const limit = new AbortController().signal;

const overview = {
  taskmanagers: 1,
  'slots-total': 4,
  'slots-available': 3,
  'jobs-running': 1,
  'jobs-finished': 0,
  'jobs-cancelled': 0,
  'jobs-failed': 0,
  'flink-version': '1.20.3',
  'flink-commit': '1d1d1d1',
};

describe('Flink', () => {
  test('a JobManager tells its version, its TaskManagers and their slots', async () => {
    const url = await serve(json(overview));
    expect(await jobManager(limit, url)).toEqual({
      verdict: 'fine',
      version: '1.20.3',
      detail: `${url}, TaskManagers: 1, slots: 4, free: 3`,
    });
  });

  test('one without a TaskManager works, but runs nothing', async () => {
    const url = await serve(json({ ...overview, taskmanagers: 0 }));
    expect(await jobManager(limit, url)).toMatchObject({ verdict: 'note', version: '1.20.3' });
  });

  test('a SQL Gateway tells its version', async () => {
    const url = await serve(json({ productName: 'Apache Flink', version: '1.20.3' }));
    expect(await sqlGateway(limit, url)).toEqual({ verdict: 'fine', version: '1.20.3', detail: url });
  });

  test.each<[string, RequestListener]>([
    ['other JSON', json({ version: '9.9', productName: 'something else' })],
    ['no object', json(['flink-version'])],
    ['null', json(null)],
    ['a page', (_request, response) => response.end('<html>hello</html>')],
    ['404', (_request, response) => response.writeHead(404).end('{}')],
    ['a hang-up', (request) => request.socket.destroy()],
    ['half an answer', (_request, response) => response.writeHead(200, { 'content-length': 99 }).end('{"a"')],
    [
      'no end',
      (_request, response) => {
        // Between two pieces the loop goes round: who writes on in the callback never learns that nobody listens.
        const more = (): void => {
          if (!response.destroyed) response.write('x'.repeat(65_536), (error) => error ?? setImmediate(more));
        };
        more();
      },
    ],
  ])('a server that answers with %s is no Flink', async (_name, listener) => {
    const url = await serve(listener);
    expect((await jobManager(limit, url)).verdict).toBe('absent');
    expect((await sqlGateway(limit, url)).verdict).toBe('absent');
  });

  test('one that never answers is let go when the time is up', async () => {
    const url = await serve(() => {});
    const controller = new AbortController();
    const asked = jobManager(controller.signal, url);
    controller.abort();
    expect((await asked).verdict).toBe('absent');
  });

  test('nobody there', async () => {
    const url = await serve(json(overview));
    const port = Number(new URL(url).port);
    expect(await isTaken(port, limit)).toBe(true);
    await new Promise((closed) => servers.pop()?.close(closed));
    expect(await getJson(url, limit)).toBeUndefined();
    expect(await isTaken(port, limit)).toBe(false);
    expect(await jobManager(limit, url)).toMatchObject({ verdict: 'absent', detail: `nobody answers on ${url}` });
  });
});

describe('Docker', () => {
  const client = { Client: { Version: '28.2.2' }, Server: null };
  const both = { Client: { Version: '28.2.2' }, Server: { Version: '28.1.0' } };

  test('with an engine', () => {
    expect(dockerFinding({ stdout: JSON.stringify(both), stderr: '' }, '2.36.0')).toEqual({
      verdict: 'fine',
      version: '28.1.0',
      detail: 'its engine answers; Compose 2.36.0',
    });
    expect(dockerFinding({ stdout: JSON.stringify(both), stderr: '' }, undefined)).toMatchObject({ verdict: 'note' });
  });

  test('without one, or without the right to use it', () => {
    const down = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
    expect(dockerFinding({ stdout: JSON.stringify(client), stderr: down }, undefined)).toMatchObject({
      verdict: 'absent',
      version: '28.2.2',
      detail: 'installed, but its engine does not answer',
    });
    const denied = 'permission denied while trying to connect to the Docker daemon socket';
    expect(dockerFinding({ stdout: JSON.stringify(client), stderr: denied }, undefined)).toMatchObject({
      verdict: 'absent',
      detail: 'installed, but you may not use its engine',
    });
    expect(dockerFinding({ stdout: 'no json', stderr: '' }, undefined)).toMatchObject({ verdict: 'absent' });
  });
});

describe('Java', () => {
  const said = (stderr: string, code: number | null = 0) => ({ stdout: '', stderr, code });

  test.each([
    ['openjdk version "17.0.15" 2025-04-15', 'fine', '17.0.15'],
    ['openjdk version "17" 2021-09-14', 'fine', '17'],
    ['java version "21.0.2" 2024-01-16 LTS', 'fine', '21.0.2'],
    ['java version "1.8.0_401"', 'note', '1.8.0_401'],
    ['openjdk version "11.0.24" 2024-07-16', 'note', '11.0.24'],
  ])('%s: %s', (text, verdict, version) => {
    expect(javaFinding(said(`${text}\nOpenJDK Runtime Environment`))).toMatchObject({ verdict, version });
  });

  test('none: also where the system only has a stub', () => {
    expect(javaFinding(said('', null))).toMatchObject({ verdict: 'absent' });
    expect(javaFinding(said('The operation couldn’t be completed. Unable to locate a Java Runtime.', 1))).toMatchObject(
      { verdict: 'absent' },
    );
    expect(javaFinding(said('', null), '/opt/gone').detail).toContain('/opt/gone');
  });
});

describe('what `streambook cluster` has started', () => {
  const member = (name: string, pid: number) => ({ name, pid });
  const state = {
    id: 'streambook-cluster-1',
    version: '1.20.3',
    gateway: 'http://127.0.0.1:8083',
    jobManager: 'http://127.0.0.1:8081',
    kafka: '127.0.0.1:9092',
    folder: 'cluster',
    slots: 4,
    heapMb: 512,
    java: 'java',
    jars: [],
    startedAt: '2026-01-01T00:00:00Z',
    members: [member('kafka', 1), member('jobmanager', 2), member('taskmanager-1', 3)],
  } satisfies ClusterState;

  test('nothing', async () => {
    expect(await ownCluster(undefined)).toMatchObject({ verdict: 'absent', detail: 'not started' });
  });

  test('all of it runs', async () => {
    expect(await ownCluster(state, async () => true)).toEqual({
      verdict: 'fine',
      version: '1.20.3',
      detail: 'http://127.0.0.1:8083, Kafka on 127.0.0.1:9092, processes: 3',
    });
  });

  test('its TaskManager has ended, or more than that', async () => {
    const one = await ownCluster(state, async (pid) => pid !== 3);
    expect(one).toMatchObject({ verdict: 'note', detail: 'no longer running: taskmanager-1' });
    expect(one.mend).toContain('start-taskmanager');
    const all = await ownCluster(state, async () => false);
    expect(all.detail).toBe('no longer running: kafka, jobmanager, taskmanager-1');
    expect(all.mend).toContain('cluster stop');
  });
});
