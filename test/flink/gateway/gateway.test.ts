import { afterEach, describe, expect, it, vi } from 'vitest';
import { isStreambookError } from '../../../src/core/errors.js';
import { Gateway } from '../../../src/flink/gateway/gateway.js';
import type { WirePage } from '../../../src/flink/gateway/protocol.js';
import { type Asked, FakeServer, type Reply } from '../fake-server.js';
import { answerOf } from '../fixtures.js';

const servers: FakeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const column = { name: 'id', logicalType: { type: 'BIGINT', nullable: true } };
const page = (token: number, data: readonly number[], last = false): Reply => ({
  json: {
    resultType: last ? 'EOS' : 'PAYLOAD',
    isQueryResult: true,
    jobID: 'job-1',
    resultKind: 'SUCCESS_WITH_CONTENT',
    results: { columns: [column], rowFormat: 'JSON', data: data.map((id) => ({ kind: 'INSERT', fields: [id] })) },
    ...(last ? {} : { nextResultUri: `/v3/sessions/s/operations/o/result/${token + 1}?rowFormat=JSON` }),
  },
});

/** A gateway whose results are what `results` answers to each token, one answer after the other. */
async function gatewayWith(results: (token: number, asked: Asked) => Reply): Promise<FakeServer> {
  const server = await FakeServer.start((asked) => {
    const { method, path } = asked;
    if (path === '/v3/info') return { json: { productName: 'Apache Flink', version: '1.20.3' } };
    if (method === 'POST' && path === '/v3/sessions') return { json: { sessionHandle: 's' } };
    if (method === 'POST' && path.endsWith('/statements')) return { json: { operationHandle: 'o' } };
    const token = /\/result\/(\d+)\?rowFormat=JSON$/.exec(path)?.[1];
    if (token !== undefined) return results(Number(token), asked);
    return { json: {} };
  });
  servers.push(server);
  return server;
}

async function pagesOf(server: FakeServer): Promise<WirePage[]> {
  const session = await (await Gateway.connect(server.url)).openSession();
  const operation = await session.submit('SELECT id FROM t');
  const pages: WirePage[] = [];
  for await (const one of operation.pages()) pages.push(one);
  await operation.close();
  await session.close();
  return pages;
}

const ids = (pages: readonly WirePage[]): unknown[] =>
  pages.flatMap(({ results }) => results?.data.map(({ fields }) => fields[0]) ?? []);

describe('Gateway', () => {
  it('opens sessions in UTC, whatever is asked for', async () => {
    const server = await gatewayWith(() => page(0, [], true));
    const gateway = await Gateway.connect(server.url);
    const session = await gateway.openSession({ properties: { 'table.local-time-zone': 'Asia/Tokyo', a: 'b' } });
    expect(server.asked.find(({ path }) => path === '/v3/sessions')?.body).toEqual({
      sessionName: 'streambook',
      properties: { a: 'b', 'table.local-time-zone': 'UTC' },
    });
    await session.close();
  });

  it('follows the pages, waits through empty ones, and closes', async () => {
    let waits = 3;
    const server = await gatewayWith((token) => {
      if (token === 0 && waits-- > 0) return { json: answerOf('21-result-not-ready').response };
      if (token === 0) return page(0, []);
      if (token < 4) return page(token, []);
      if (token < 6) return page(token, [token * 10, token * 10 + 1]);
      return page(token, [], true);
    });
    // A page that is not ready keeps its token: the recorded path is of another session.
    const original = answerOf('21-result-not-ready').response as { nextResultUri: string };
    expect(original.nextResultUri).toMatch(/\/result\/0\?rowFormat=JSON$/);
    const pages = await pagesOf(server);
    expect(ids(pages)).toEqual([40, 41, 50, 51]);
    expect(pages[0]?.results?.columns[0]?.name).toBe('id');
    expect(pages.at(-1)?.resultType).toBe('EOS');
    expect(server.count('DELETE', /\/operations\/o\/close$/)).toBe(1);
    expect(server.count('DELETE', /\/sessions\/s$/)).toBe(1);
  });

  it('asks again for a page whose connection broke', async () => {
    let breaks = 2;
    const server = await gatewayWith((token) => {
      if (token === 1 && breaks-- > 0) return 'drop';
      return token < 2 ? page(token, [token]) : page(token, [], true);
    });
    expect(ids(await pagesOf(server))).toEqual([0, 1]);
    expect(server.count('GET', /\/result\/1\?/)).toBe(3);
  });

  it('gives up when the gateway stays away', async () => {
    const server = await gatewayWith((token) => (token === 0 ? page(0, [1]) : 'drop'));
    const failing = pagesOf(server);
    await expect(failing).rejects.toSatisfy((error) => isStreambookError(error, 'cluster-unreachable'));
    await expect(failing).rejects.toThrow(`no SQL Gateway answers at ${server.url}`);
  });

  it('says so when an address begins with https:// and the server speaks no TLS', async () => {
    const server = await gatewayWith(() => page(0, [], true));
    const failing = Gateway.connect(server.url.replace('http:', 'https:'));
    await expect(failing).rejects.toThrow(/what listens there does not speak TLS[\s\S]*begins with http:\/\//);
  });

  it('says so when a server never answers', async () => {
    const server = await gatewayWith(() => 'silence');
    const session = await (await Gateway.connect(server.url, { timeoutMs: 3000 })).openSession();
    const operation = await session.submit('SELECT 1');
    await expect(operation.pages().next()).rejects.toThrow('did not answer within 3 s');
    await session.close();
  });

  it('throws what is wrong with a statement when its result is fetched', async () => {
    const server = await gatewayWith(() => {
      const { status, response } = answerOf('52-error-unknown-column-error');
      return { status, json: response };
    });
    await expect(pagesOf(server)).rejects.toMatchObject({ code: 'sql-validation', line: 1, column: 8 });
  });

  it('ends in the middle of a result', async () => {
    const server = await gatewayWith((token) => page(token, [token]));
    const session = await (await Gateway.connect(server.url)).openSession();
    const operation = await session.submit('SELECT id FROM t');
    const seen: unknown[] = [];
    for await (const one of operation.pages()) {
      seen.push(...ids([one]));
      if (seen.length === 3) await operation.close();
    }
    expect(seen).toEqual([0, 1, 2]);
    expect(operation.jobId).toBe('job-1');
    expect(server.count('DELETE', /close$/)).toBe(1);
    await session.close();
  });

  it('ends while it waits for an answer', async () => {
    const server = await gatewayWith(() => 'silence');
    const session = await (await Gateway.connect(server.url)).openSession();
    const operation = await session.submit('SELECT id FROM t');
    const reading = operation.pages().next();
    await vi.waitFor(() => expect(server.count('GET', /result/)).toBe(1), { timeout: 60_000 });
    await operation.close();
    await reading;
    await session.close();
  });

  it('keeps its session alive', async () => {
    const server = await gatewayWith(() => page(0, [], true));
    const session = await (await Gateway.connect(server.url)).openSession({ heartbeatMs: 20 });
    await vi.waitFor(() => expect(server.count('POST', /\/heartbeat$/)).toBeGreaterThan(2), { timeout: 60_000 });
    await session.close();
    await session.close();
    expect(server.count('DELETE', /\/sessions\/s$/)).toBe(1);
    await expect(session.submit('SELECT 1')).rejects.toMatchObject({ code: 'session-closed' });
  });

  it('closes a session of a gateway that is gone', async () => {
    const server = await gatewayWith(() => 'drop');
    const session = await (await Gateway.connect(server.url, { retries: 0 })).openSession();
    await server.stop();
    servers.length = 0;
    await session.close();
    expect(session.closed).toBe(true);
  });
});

describe('Gateway.connect', () => {
  it('knows a JobManager', async () => {
    const server = await FakeServer.start(({ path }) =>
      path === '/overview' ? { json: { 'flink-version': '1.20.3' } } : { status: 404, json: { errors: ['Not found'] } },
    );
    servers.push(server);
    await expect(Gateway.connect(server.url)).rejects.toThrow('is the JobManager of a Flink cluster');
  });
  it('knows what is no Flink', async () => {
    const server = await FakeServer.start(() => ({ text: '<html>hello</html>' }));
    servers.push(server);
    await expect(Gateway.connect(server.url)).rejects.toThrow('is no SQL Gateway of Flink');
  });
  it('names the command that starts one, where nobody answers', async () => {
    const server = await FakeServer.start(() => 'silence');
    const { url } = server;
    await server.stop();
    await expect(Gateway.connect(url, { retries: 0 })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      hint: '`streambook cluster start` starts one on this machine and prints its address',
    });
  });
  it('refuses what is no address', async () => {
    await expect(Gateway.connect('http://')).rejects.toMatchObject({ code: 'bad-argument' });
  });
});
