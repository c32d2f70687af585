import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a port of this machine that can be cut, or lead elsewhere. */
export interface TcpProxy {
  readonly port: number;
  /** New connections go to this port from now on. */
  aim(target: number): void;
  /** From now on bytes go nowhere, also of new connections; nobody is told. */
  cut(): void;
  /** What waited goes on. */
  heal(): void;
  /** Resets every connection. */
  drop(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(first: number): Promise<TcpProxy> {
  let target = first;
  const pairs = new Set<readonly [Socket, Socket]>();
  let isCut = false;
  const halt = ([client, server]: readonly [Socket, Socket]) => {
    client.pause();
    server.pause();
  };
  const listener = createServer((client) => {
    const server = connect(target, '127.0.0.1');
    const pair = [client, server] as const;
    pairs.add(pair);
    const relay = (from: Socket, to: Socket) => {
      from.on('data', (bytes) => to.write(bytes));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    };
    relay(client, server);
    relay(server, client);
    if (isCut) halt(pair);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const drop = () => {
    for (const [client] of pairs) client.resetAndDestroy();
  };
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    aim: (next) => {
      target = next;
    },
    cut: () => {
      isCut = true;
      for (const pair of pairs) halt(pair);
    },
    heal: () => {
      isCut = false;
      for (const [client, server] of pairs) {
        client.resume();
        server.resume();
      }
    },
    drop,
    close: async () => {
      const closed = once(listener, 'close');
      listener.close();
      drop();
      await closed;
    },
  };
}
