import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { insistOnPort } from '../../src/cli/setup/lab.mjs';
import { anyFreePort, freePortFrom, isFree } from '../../src/cli/setup/ports.mjs';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

async function occupy(host: string, port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test.each(['127.0.0.1', '0.0.0.0', '::'])(
  'a port that somebody holds on %s is not free, the next one is taken',
  async (host) => {
    const port = await occupy(host);
    expect(await isFree(port)).toBe(false);
    expect(await freePortFrom(port)).toBeGreaterThan(port);
  },
);

test('a free port is free', async () => {
  expect(await isFree(await anyFreePort())).toBe(true);
});

test('a range that is wholly taken says so', async () => {
  const port = await occupy('127.0.0.1');
  await expect(freePortFrom(port, 1)).rejects.toThrow(`no free port between ${port} and ${port}`);
});

test('a port that the reader named is not silently replaced', async () => {
  const port = await occupy('127.0.0.1');
  await expect(insistOnPort(port)).rejects.toMatchObject({
    message: `Port ${port} is taken by another program.`,
    hint: expect.stringContaining('--port N'),
  });
});
