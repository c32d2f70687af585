import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import { errorCode } from './error-code.ts';

const retryMs = 50;

/**
 * Holds a log folder for one writer. The lock is a listening socket, which dies with the process:
 * on Linux an abstract one (of the network namespace: two containers that share a volume but not a
 * network do not see each other's), elsewhere a socket file in the folder, replaced when nobody
 * answers on it. Waits up to `waitMs` for a predecessor that is just ending.
 */
export async function lockFolder(
  folder: string,
  clock: Clock,
  waitMs: number,
): Promise<() => Promise<void>> {
  const path = await realpath(folder);
  const address = lockAddress(path);
  const giveUp = clock.monotonic() + waitMs;
  for (;;) {
    const server = await listen(address);
    if (server) return () => new Promise((resolve) => server.close(() => resolve()));
    if (!address.startsWith('\0') && !(await answers(address))) {
      await rm(address, { force: true });
      continue;
    }
    if (clock.monotonic() >= giveUp) {
      throw new TributaryError('log_locked', `Another process writes to the log folder ${path}.`);
    }
    await clock.sleep(retryMs);
  }
}

function lockAddress(path: string): string {
  const id = createHash('sha256').update(path).digest('hex').slice(0, 32);
  if (process.platform === 'linux') return `\0tributary-${id}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\tributary-${id}` : join(path, 'writer.sock');
}

/** The listening server; undefined when the address is taken. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      if (errorCode(error) === 'EADDRINUSE') resolve(undefined);
      else reject(new TributaryError('log_locked', 'The log cannot be locked.', { cause: error }));
    });
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
