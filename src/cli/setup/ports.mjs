import { connect, createServer } from 'node:net';

/**
 * Whether nobody listens on a loopback port. Binding alone does not tell on every system (another may hold all
 * addresses, or the IPv6 one that `localhost` means to some programs), so it is called first.
 *
 * @param {number} port
 */
export async function isFree(port) {
  if ((await answers('127.0.0.1', port)) || (await answers('::1', port))) return false;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    /** @param {boolean} yes */
    const done = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(500, () => done(false));
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}

/**
 * The first free loopback port from `first` on.
 *
 * @param {number} first
 * @param {number} [tries]
 */
export async function freePortFrom(first, tries = 100) {
  for (let port = first; port < Math.min(first + tries, 65_536); port++) {
    if (await isFree(port)) return port;
  }
  throw new RangeError(`no free port between ${first} and ${first + tries - 1}`);
}

/** A free port anywhere. */
export function anyFreePort() {
  return /** @type {Promise<number>} */ (
    new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port: 0 }, () => {
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        server.close(() => resolve(port));
      });
    })
  );
}
