import { createServer } from 'node:net';
import { ArgumentError } from '../../core/errors.js';

/** Whether something could listen there. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function anyFree(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Hands out ports that nobody listens on, no port twice. */
export class Ports {
  private readonly taken = new Set<number>();

  /**
   * @param wanted a port that was asked for; 0: any; `undefined`: `usual`, or the next one that is free
   * @throws ArgumentError when one that was asked for is taken
   */
  async take(what: string, wanted: number | undefined, usual = 0): Promise<number> {
    const port = await this.choose(what, wanted, usual);
    this.taken.add(port);
    return port;
  }

  private async choose(what: string, wanted: number | undefined, usual: number): Promise<number> {
    if (wanted !== undefined && wanted !== 0) {
      if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_535)
        throw new ArgumentError(`${what}: no port ${wanted}`);
      if (!this.taken.has(wanted) && (await isFree(wanted))) return wanted;
      throw new ArgumentError(`${what}: port ${wanted} is taken`, { hint: 'name another one, or 0 for any' });
    }
    if (wanted === undefined && usual !== 0) {
      for (let port = usual; port < usual + 100; port++) if (!this.taken.has(port) && (await isFree(port))) return port;
    }
    for (;;) {
      const port = await anyFree();
      if (!this.taken.has(port)) return port;
    }
  }
}
