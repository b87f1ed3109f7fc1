import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openReader, receive, send, sendFile, texts, topics } from '../../src/kafka/index.js';

const servers: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A port at which something listens, or with `close` nothing does. */
async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ server, sockets });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function nowhere(): Promise<string> {
  const address = await listen(() => {});
  const { server } = servers.pop()!;
  await new Promise((resolve) => server.close(resolve));
  return address;
}

describe('a broker that is not there', () => {
  it('is named, with where its address came from and how to start one, whatever was asked', async () => {
    const brokers = await nowhere();
    const says = new RegExp(
      `broker-unreachable.*${brokers} \\(as given\\): connection refused[\\s\\S]*npm start[\\s\\S]*npx streambook broker[\\s\\S]*docker compose up`,
    );
    await expect(topics.list({ brokers })).rejects.toThrow(says);
    await expect(topics.show(undefined, { brokers })).rejects.toThrow(says);
    await expect(receive('t', { brokers }).toArray()).rejects.toThrow(says);
    await expect(receive('t', { brokers, group: 'g' }).toArray()).rejects.toThrow(says);
    await expect(openReader({ topic: 't', brokers })).rejects.toThrow(says);
    await expect(send('t', 'x', { brokers, show: false })).rejects.toThrow(says);
    await expect(sendFile(texts.mobyDick, { topic: 't', brokers, show: false })).rejects.toThrow(says);
  });

  it('names each address of several, and takes the one that answers', async () => {
    const [one, two] = [await nowhere(), await nowhere()];
    await expect(topics.list({ brokers: [one, two] })).rejects.toThrow(
      new RegExp(`${one}, ${two}[\\s\\S]*${one}: connection refused; ${two}: connection refused`),
    );
    await expect(topics.list({ brokers: 'no-such-host.invalid:9092' })).rejects.toThrow('the host name is not known');
  });

  it('does not end the process when nobody awaits the sending', async () => {
    const sending = send('t', 'x', { brokers: await nowhere(), show: false });
    await expect(sending.sent(1)).rejects.toThrow('broker-unreachable');
    expect(sending.progress.state).toBe('failed');
  });
});

describe('something else at the address', () => {
  it('is told from a broker when it hangs up', async () => {
    const brokers = await listen((socket) => socket.end());
    await expect(topics.list({ brokers })).rejects.toThrow(/broker-unreachable.*does not speak the Kafka protocol/);
    await expect(receive('t', { brokers }).toArray()).rejects.toThrow(/does not speak the Kafka protocol/);
  });

  it('is told from a broker when it waits for more, as some web servers do', async () => {
    const brokers = await listen((socket) => socket.resume());
    await expect(topics.list({ brokers })).rejects.toThrow(
      /though the port is open; it may not speak the Kafka protocol/,
    );
  });

  it('is told from a broker when it answers in another language', async () => {
    const brokers = await listen((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    await expect(send('t', 'x', { brokers, show: false })).rejects.toThrow(/does not speak the Kafka protocol/);
  });
});
