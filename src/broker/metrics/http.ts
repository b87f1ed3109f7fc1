import { createServer } from 'node:http';
import { StreambookError } from '../../core/errors.js';

/** A page of metrics for Prometheus. */
export interface MetricsPage {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `http://127.0.0.1:PORT/metrics`. On loopback only, whatever the broker itself listens on.
 *
 * @param port 0 takes a free one
 * @throws StreambookError `broker-port-taken`
 */
export function serveMetrics(port: number, text: () => string): Promise<MetricsPage> {
  const server = createServer((request, response) => {
    // A web page of somebody else must not read it by a name that leads here.
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const local = host === '127.0.0.1' || host === 'localhost';
    const path = (request.url ?? '').split('?', 1)[0];
    if (!local || path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(local ? 404 : 403, { 'content-type': 'text/plain' });
      response.end(local ? 'metrics are at /metrics\n' : 'for this machine only\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(request.method === 'HEAD' ? undefined : text());
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new StreambookError('broker-port-taken', `metrics cannot be served on port ${port} (${error.message})`, {
          hint: 'give another port; 0 takes a free one',
          cause: error,
        }),
      ),
    );
    server.listen(port, '127.0.0.1', () => {
      resolve({
        port: (server.address() as { port: number }).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
