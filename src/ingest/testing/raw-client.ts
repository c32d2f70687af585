import { once } from 'node:events';
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { statuses } from './exchange.ts';

/** A connection on which a test says byte by byte what is sent, and when. */
export interface RawClient {
  readonly socket: Socket;
  /** What has come back. */
  text(): string;
  /** Resolves when so many answers have come. */
  answered(count: number): Promise<void>;
  /** Resolves when the connection has ended, whichever way. */
  readonly closed: Promise<void>;
}

/** Connects, and reads what comes. */
export async function rawClient(
  port: number,
  options: Partial<TcpNetConnectOpts> = {},
): Promise<RawClient> {
  const socket = connect({ ...options, port, host: '127.0.0.1' });
  let text = '';
  let look = () => {};
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    look();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  // A reset is one way to end.
  socket.on('error', () => undefined);
  return {
    socket,
    text: () => text,
    closed,
    answered: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (statuses(text).length >= count) resolve();
        };
        look();
      }),
  };
}
