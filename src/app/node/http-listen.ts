import type { Server } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';

/** A predecessor that is just stopping may still hold the port. */
const tries = 30;
const pauseMs = 100;

/** Listens on host and port, and resolves with the port. Rejects with `unavailable` when it stays taken. */
export async function httpListen(
  server: Server,
  where: { readonly host: string; readonly port: number },
  clock: Clock,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const failure = await listenOnce(server, where);
    if (failure === undefined) break;
    if (failure.code !== 'EADDRINUSE' || attempt === tries) {
      const reason = failure.code === 'EADDRINUSE' ? 'the port is in use' : failure.message;
      throw new TributaryError(
        'unavailable',
        `Cannot listen on ${where.host}:${where.port}: ${reason}`,
        { cause: failure },
      );
    }
    await clock.sleep(pauseMs);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : where.port;
}

function listenOnce(
  server: Server,
  where: { readonly host: string; readonly port: number },
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening);
      resolve(error);
    };
    const onListening = () => {
      server.off('error', onError);
      resolve(undefined);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ ...where, backlog: limits.listenBacklog });
  });
}
