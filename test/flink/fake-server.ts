import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a fake server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What it answers: JSON text, `'drop'` to break the connection, `'silence'` never to answer. */
export type Reply =
  | { readonly status?: number; readonly json: unknown }
  | { readonly text: string }
  | 'drop'
  | 'silence';

/** A server that answers as a test wants, and remembers what it was asked. */
export class FakeServer {
  readonly asked: Asked[] = [];

  private constructor(private readonly server: Server) {}

  static async start(reply: (asked: Asked) => Reply): Promise<FakeServer> {
    const server: Server = createServer((request, response) => void fake.answer(request, response, reply));
    const fake: FakeServer = new FakeServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  count(method: string, path: RegExp): number {
    return this.asked.filter((one) => one.method === method && path.test(one.path)).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    reply: (asked: Asked) => Reply,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
    this.asked.push(asked);
    const given = reply(asked);
    if (given === 'silence') return;
    if (given === 'drop') {
      request.socket.destroy();
      return;
    }
    response.writeHead('json' in given ? (given.status ?? 200) : 200, { 'content-type': 'application/json' });
    response.end('json' in given ? JSON.stringify(given.json) : given.text);
  }
}
