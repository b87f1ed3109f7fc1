import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { download } from '../../../src/kafka/sending/download.js';

let server: Server;
let base: string;
let folder: string;
let asked: number;

beforeEach(async () => {
  asked = 0;
  folder = mkdtempSync(join(tmpdir(), 'texts-'));
  server = createServer((request, response) => {
    asked += 1;
    if (request.url === '/hamlet.txt') response.end('To be, or not to be');
    else if (request.url === '/empty') response.end();
    else if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('only the beg');
      setImmediate(() => response.destroy());
    } else response.writeHead(404).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

test('a text is fetched once and kept', async () => {
  const path = await download(`${base}/hamlet.txt`, folder);
  expect(readFileSync(path, 'utf8')).toBe('To be, or not to be');
  expect(await download(`${base}/hamlet.txt`, folder)).toBe(path);
  expect(asked).toBe(1);
});

test.each([
  ['/missing', /404/],
  ['/empty', /it is empty/],
  ['/cut', /could not be fetched/],
])('%s says why it failed and leaves no file', async (path, why) => {
  await expect(download(base + path, folder)).rejects.toThrow(why);
  expect(readdirSync(folder)).toEqual([]);
});

test('a server that is not there: the address, and what to do without a network', async () => {
  server.close();
  await new Promise((resolve) => server.once('close', resolve));
  await expect(download(`${base}/hamlet.txt`, folder)).rejects.toThrow(/ECONNREFUSED[\s\S]*texts\.mobyDick/);
});

test.each(['hamlet.txt', 'file:///etc/passwd', 'ftp://example.org/a'])('%s is not a web address', async (address) => {
  await expect(download(address, folder)).rejects.toThrow(/not a web address/);
});

test('a name from the web cannot leave the folder', async () => {
  await expect(download(`${base}/..%2f..%2fevil`, folder)).rejects.toThrow(/404/);
  expect(readdirSync(folder)).toEqual([]);
});
